import type { EndOfInputHistory } from '../../../evidence/lab/end-of-input.ts';
import type { StdioPurityHistory } from '../../../evidence/lab/stdio-purity.ts';
import { seconds } from '../../../text/durations.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { momentsOf } from './proven-by.ts';

const purity = momentsOf('stdio-purity');
const ending = momentsOf('end-of-input');

const shownCharacters = 200;

/** MCP, basic/transports, stdio: nothing but messages on stdout. */
export function judgePurity({ launch, calls }: StdioPurityHistory): Judgement {
  const { output, messages = 0 } = launch;
  const others = output.lines.filter(({ stream }) => stream === 'stdout');
  const [first] = others;
  if (first !== undefined) {
    const text = first.text.slice(0, shownCharacters);
    return fail(
      `On its standard output stood ${others.length === 1 ? 'a line that is' : `${others.length} lines that are`} no message: ${text}`,
      ...others
        .slice(0, 3)
        .map(({ atMs, text: line }) => purity(atMs, `on stdout: ${line.slice(0, shownCharacters)}`)),
    );
  }
  if (launch.outcome.kind !== 'speaking') return inconclusive('No client was served this time.');
  return pass(
    `Its standard output held ${messages} messages and nothing else, from its start to the end of its input, with ${calls.length} calls.`,
  );
}

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
