import type { EndOfInputHistory } from '../../../evidence/lab/end-of-input.ts';
import { seconds } from '../../../text/durations.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const ending = momentsOf('end-of-input');

export function judgeEndsWithInput(history: EndOfInputHistory): Judgement {
  const { launch, endedMs, waitedUntilMs, left } = history;
  const { exit } = launch;
  const begun = ending(endedMs, 'stdin closed');
  if (exit === null) {
    return fail(
      `The server was still running ${seconds(waitedUntilMs - endedMs)} after its stdin closed.`,
      begun,
      ending(waitedUntilMs, 'still running'),
    );
  }
  const how = howItEnded(exit);
  const ended = ending(exit.atMs, `ended ${how}`);
  if (exit.atMs < endedMs) return inconclusive(`The server ended ${how} before its stdin closed.`);
  const finding = `The server ended ${how}, ${exit.atMs - endedMs} ms after its stdin closed`;
  if (left.length > 0) {
    return fail(
      `${finding}, but left ${left.length} ${left.length === 1 ? 'process' : 'processes'} running.`,
      begun,
      ended,
    );
  }
  return exit.code === 0
    ? pass(`${finding}. No process was left running.`, begun, ended)
    : fail(`${finding}.`, begun, ended);
}

/** Judges whether the server answers what it read before stdin closed, as a script that pipes requests expects. */
export function judgeAnsweredAtEnd(history: EndOfInputHistory): Judgement {
  const { calls, notHeld, endedMs } = history;
  const [call] = calls;
  if (notHeld !== null) return inconclusive(`No call was in flight when stdin closed. ${notHeld}`);
  if (call === undefined || call.endedMs <= endedMs) {
    return inconclusive('The call ended before stdin closed.');
  }
  const { outcome } = call;
  const finding = `The lab closed stdin ${endedMs - call.sentMs} ms into a call`;
  const sources = [ending(endedMs, 'stdin closed'), ending(call.endedMs, 'the call ended')];
  if (outcome.kind === 'result' || outcome.kind === 'protocol-error') {
    const how = outcome.kind === 'result' && !outcome.isError ? 'with its result' : 'with an error';
    return pass(`${finding}. The server answered it ${how} ${call.endedMs - endedMs} ms later.`, ...sources);
  }
  return fail(`${finding}. The server did not answer it.`, ...sources);
}
