import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import { seconds } from '../../../text/durations.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { moment, notSignalled, outlivedCommand, sourcesOf } from './shutdown.ts';

/** Judges whether SIGTERM ends an open event stream properly. */
export function judgeStreamsEnd(history: ShutdownHistory): Judgement {
  const { stream, signalMs, waitedUntilMs } = history;
  if (stream === null) return inconclusive('The server opened no event stream for the lab’s client.');
  const { request, end } = stream;
  if (end.kind === 'open') {
    return outlivedCommand(history)
      ? inconclusive(notSignalled)
      : fail(
          `The server kept the stream (${request}) open for ${seconds(waitedUntilMs - signalMs)} after SIGTERM.`,
          ...sourcesOf(history, moment(waitedUntilMs, 'the stream is still open')),
        );
  }
  if (end.atMs < signalMs) {
    return inconclusive(`The stream (${request}) ended before SIGTERM. How SIGTERM ends streams is unknown.`);
  }
  const afterMs = end.atMs - signalMs;
  if (end.kind === 'ended') {
    const sources = sourcesOf(history, moment(end.atMs, 'the stream ended'));
    return pass(`The server ended the stream (${request}) ${afterMs} ms after SIGTERM.`, ...sources);
  }
  const sources = sourcesOf(history, moment(end.atMs, `the stream broke: ${end.message}`));
  return fail(`The stream (${request}) broke ${afterMs} ms after SIGTERM: ${end.message}.`, ...sources);
}
