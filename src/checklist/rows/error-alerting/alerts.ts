import type { AlertsHistory } from '../../../evidence/lab/alerts.ts';
import type { CallOutcome } from '../../../evidence/lab/client.ts';
import { seconds } from '../../../text/durations.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** A burst of failures is so many at least, and tells so much less by its alerts: a third of it. */
const enoughFailures = 6;
const failuresPerAlert = 3;

/** Whether somebody was told of failures, and not of each. */
export function judgeAlerts(history: AlertsHistory): Judgement {
  const { alertEnv, calls, receipts, moreReceipts, faultMs, endedMs } = history;
  const failures = calls.filter(({ outcome }) => isFailure(outcome));
  if (failures.length < enoughFailures) {
    return inconclusive(
      `Of ${calls.length} calls with a failing upstream ${failures.length} failed, too few to expect an alert. Give it more time with "patienceMs".`,
    );
  }
  const came = receipts.filter(({ atMs }) => atMs >= faultMs);
  const count = came.length + moreReceipts;
  const lastFailure = Math.max(...failures.map(({ endedMs: ended }) => ended));
  const moment = momentsOf('alerts');
  const moments = [
    moment(faultMs, 'the upstream began to answer 500'),
    ...came.slice(0, 2).map(({ atMs, method, path }) => moment(atMs, `alert: ${method} ${path}`)),
    moment(lastFailure, `the last of ${failures.length} failed calls had ended`),
  ];
  const [first] = came;
  if (first === undefined) {
    return count > 0
      ? inconclusive('What reached the receiver in the place of the alert URL could not be read.')
      : fail(
          `${failures.length} calls failed, and nothing reached the URL in ${alertEnv} within ${seconds(endedMs - lastFailure)} of the last.`,
          ...moments,
        );
  }
  const alerts = `${count} ${count === 1 ? 'alert' : 'alerts'}`;
  if (count * failuresPerAlert > failures.length) {
    return fail(
      `${failures.length} failed calls made ${alerts}: one outage is as many pages, and the next is not looked at.`,
      ...moments,
    );
  }
  return pass(
    `${failures.length} failed calls made ${alerts}, the first ${seconds(first.atMs - faultMs)} after the upstream began to fail.`,
    ...moments,
  );
}

/** The tool, or the server, failed. A limit on requests is none of its failures, and a call that still runs not yet one. */
function isFailure(outcome: CallOutcome): boolean {
  switch (outcome.kind) {
    case 'result':
      return outcome.isError;
    case 'http-error':
      return outcome.status >= 500;
    case 'no-answer':
      return !outcome.timedOut;
    default:
      return true;
  }
}
