import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import { seconds } from '../../../text/durations.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { comparableEnd, succeeded } from '../../reading/lab/calls.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { moment, notSignalled, outlivedCommand, sourcesOf } from './shutdown.ts';

/** Judges whether the call in flight at SIGTERM returns its result. */
export function judgeCallFinishes(history: ShutdownHistory, lab: LabEvidence): Judgement {
  const { calls, notHeld, signalMs, gateway, launch } = history;
  const [call] = calls;
  if (notHeld !== null) return inconclusive(`No call was in flight at SIGTERM. ${notHeld}`);
  if (call === undefined || call.endedMs <= signalMs) {
    return inconclusive('The call ended before SIGTERM. Whether the server finishes calls is unknown.');
  }
  const { outcome } = call;
  const sources = sourcesOf(history, moment(call.endedMs, `the call ended: ${outcomeText(outcome)}`));
  const afterMs = call.endedMs - signalMs;
  const begin = `SIGTERM came ${signalMs - call.sentMs} ms into a call.`;
  if (outcome.kind === 'result' && !outcome.isError) {
    return outlivedCommand(history)
      ? inconclusive(notSignalled)
      : pass(`${begin} The call returned its result ${afterMs} ms later.`, ...sources);
  }
  if (outcome.kind === 'result' || outcome.kind === 'protocol-error') {
    const gaveUp = gateway.requests.some(
      ({ fault, outcome: { kind } }) => fault === 'slow' && kind === 'given-up',
    );
    const returned = `${begin} The call returned an error ${afterMs} ms later`;
    if (gaveUp) {
      return inconclusive(
        `${returned}, after the server gave up an upstream request that took ${seconds(gateway.slowMs)}. The server's own timeout may be the cause: raise it in "env".`,
      );
    }
    const finding = `${returned}: ${outcomeText(outcome)}`;
    const before = lab.baseline.calls.filter(({ tool }) => tool === call.tool);
    if (before.length === 0 || before.some(succeeded)) return fail(finding, ...sources);
    if (outlivedCommand(history)) return inconclusive(notSignalled);
    return before.some((one) => comparableEnd(one) === comparableEnd(call))
      ? pass(`${finding}. Without SIGTERM, calls return the same error.`, ...sources)
      : inconclusive(
          `${finding}. Without SIGTERM, calls return another error. Name arguments that work in "tool".`,
        );
  }
  const timedOut = outcome.kind === 'no-answer' && outcome.timedOut && launch.exit === null;
  const end = timedOut
    ? `received no response in the next ${afterMs} ms.`
    : `failed ${afterMs} ms later: ${outcomeText(outcome)}.`;
  return fail(`${begin} The call ${end}`, ...sources);
}
