import type { AlertsHistory } from '../../../evidence/lab/alerts.ts';
import type { CallOutcome } from '../../../evidence/lab/client.ts';
import { count } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** A burst has so many failures, and may send one alert for so many of them. */
const minimumFailures = 6;
const failuresPerAlert = 3;

/** Judges whether failures raise an alert, and not one alert each. */
export function judgeAlerts(history: AlertsHistory): Judgement {
  const { alertEnv, calls, moreReceipts, faultMs, endedMs } = history;
  const failures = failuresIn(history);
  if (failures.length < minimumFailures) {
    return inconclusive(
      `While the upstream failed, ${failures.length} of ${count(calls.length, 'call')} failed. An alert needs at least ${minimumFailures} failures. Raise "patienceMs".`,
    );
  }
  const received = receivedIn(history);
  const alerts = received.length + moreReceipts;
  const lastFailureMs = Math.max(...failures.map((call) => call.endedMs));
  const moment = momentsOf('alerts');
  const moments = [
    moment(faultMs, 'the upstream starts to fail with 500'),
    ...received.slice(0, 2).map(({ atMs, method, path }) => moment(atMs, `alert: ${method} ${path}`)),
    moment(lastFailureMs, `the last of ${failures.length} failed calls ended`),
  ];
  const [first] = received;
  if (first === undefined) {
    return alerts > 0
      ? inconclusive('The lab’s receiver recorded none of the requests that reached it after the failures.')
      : fail(
          `${failures.length} calls failed. The server sent nothing to the URL in ${alertEnv} within ${seconds(endedMs - lastFailureMs)} of the last failure.`,
          ...moments,
        );
  }
  const sent = `${failures.length} failed calls sent ${count(alerts, 'alert')}`;
  const limit = Math.floor(failures.length / failuresPerAlert);
  return alerts > limit
    ? fail(`${sent}; the limit is ${limit}. Alerts are not deduplicated.`, ...moments)
    : pass(`${sent}, the first ${seconds(first.atMs - faultMs)} after the upstream failed.`, ...moments);
}

/** An alert that arrived shows both a rule and its receiver. Without one, the files decide. */
export function judgeOwnAlerts(history: AlertsHistory): Judgement | undefined {
  const [failures, received] = [failuresIn(history).length, receivedIn(history)];
  const [first] = received;
  if (first === undefined || failures < minimumFailures) return undefined;
  const alerts = count(received.length + history.moreReceipts, 'alert');
  return pass(
    `The server itself sends alerts to the URL in ${history.alertEnv} (${alerts} for ${failures} failed calls).`,
    momentsOf('alerts')(first.atMs, `alert: ${first.method} ${first.path}`),
  );
}

const failuresIn = ({ calls }: AlertsHistory) => calls.filter(({ outcome }) => isFailure(outcome));

/** What arrived since calls began to fail. */
const receivedIn = ({ receipts, faultMs }: AlertsHistory) => receipts.filter(({ atMs }) => atMs >= faultMs);

/** Whether the tool or the server failed. A rate limit is not a failure, nor is a call that still runs. */
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
