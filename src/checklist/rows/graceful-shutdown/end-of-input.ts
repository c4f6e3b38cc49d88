import type { EndOfInputHistory } from '../../../evidence/lab/end-of-input.ts';
import { seconds } from '../../../text/durations.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const ending = momentsOf('end-of-input');

export function judgeEndsWithInput(history: EndOfInputHistory): Judgement {
  const { launch, endedMs, waitedUntilMs, left } = history;
  const { exit } = launch;
  const begun = ending(endedMs, 'its input ended');
  if (exit === null) {
    return fail(
      `It was still running ${seconds(waitedUntilMs - endedMs)} after its input had ended.`,
      begun,
      ending(waitedUntilMs, 'still running'),
    );
  }
  const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
  const ended = ending(exit.atMs, `ended ${how}`);
  if (exit.atMs < endedMs) return inconclusive(`It ended ${how} before its input did.`);
  const finding = `It ended ${how} ${exit.atMs - endedMs} ms after its input`;
  if (left.length > 0) {
    return fail(
      `${finding}, but ${left.length === 1 ? 'a process' : `${left.length} processes`} of it lived on.`,
      begun,
      ended,
    );
  }
  return exit.code === 0
    ? pass(`${finding}, and left nothing running.`, begun, ended)
    : fail(`${finding}.`, begun, ended);
}

/** What was read before the input ended is answered: who pipes requests into a server, and closes, wants the answers. */
export function judgeAnsweredAtEnd(history: EndOfInputHistory): Judgement {
  const { calls, notHeld, endedMs } = history;
  const [call] = calls;
  if (notHeld !== null) return inconclusive(`No call was in flight when its input ended. ${notHeld}`);
  if (call === undefined || call.endedMs <= endedMs) {
    return inconclusive('The call ended before the input did.');
  }
  const { outcome } = call;
  const told = `The input ended ${endedMs - call.sentMs} ms into a call`;
  const sources = [ending(endedMs, 'its input ended'), ending(call.endedMs, 'the call ended')];
  if (outcome.kind === 'result' || outcome.kind === 'protocol-error') {
    const how = outcome.kind === 'result' && !outcome.isError ? 'with its result' : 'with an error';
    return pass(`${told}, which was answered ${how} ${call.endedMs - endedMs} ms later.`, ...sources);
  }
  return fail(`${told}, which got no answer.`, ...sources);
}
