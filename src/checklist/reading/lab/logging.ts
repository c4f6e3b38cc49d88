import type { LaunchFacts, OutputLine } from '../../../evidence/lab/launch.ts';
import type { Forgery, LoggedCall, LoggingHistory } from '../../../evidence/lab/logging.ts';
import { count } from '../../../text/counts.ts';
import { cut } from '../../../text/printable.ts';
import { inconclusive, type Judgement, type Moment } from '../../row.ts';
import { type LogLine, readLine } from './log-lines.ts';
import { momentsOf } from './proven-by.ts';

/** A line of output, parsed. */
export interface WrittenLine extends OutputLine {
  read: LogLine;
}

/** The lines that can be judged, without blank and cut ones. Over stdio, stdout carries the protocol, not a log. */
export function writtenLines({ launch }: LoggingHistory): WrittenLine[] {
  return launch.output.lines
    .filter(({ stream, text, cut }) => isLog(launch, stream) && text.trim() !== '' && cut !== true)
    .map((line) => ({ ...line, read: readLine(line.text) }));
}

const isLog = ({ port }: LaunchFacts, stream: OutputLine['stream']): boolean =>
  port !== null || stream === 'stderr';

/** The streams that can carry a log: "stdout or stderr". */
export const logStreams = ({ launch }: LoggingHistory): string =>
  launch.port === null ? 'stderr' : 'stdout or stderr';

/** The lines from the first request until the lab stopped the server. */
export function servedLines(history: LoggingHistory): WrittenLine[] {
  const { servingMs, stoppedMs } = history;
  return writtenLines(history).filter(({ atMs }) => atMs >= servingMs && atMs < stoppedMs);
}

/** The lines of one call. */
export interface CallLines {
  /** Those that name its tool, an argument or its id. */
  own: WrittenLine[];
  /** Others that appeared during the call. */
  near: WrittenLine[];
}

export function linesOf(history: LoggingHistory, call: LoggedCall): CallLines {
  const { calls } = history;
  const next = calls[calls.indexOf(call) + 1]?.sentMs ?? Infinity;
  const marker = forgeryOf(history, call)?.marker ?? '';
  const ids = [...idsOf(call), ...(marker.length >= leastMarker ? [marker] : [])];
  const names = [call.tool, ...textsIn(call.arguments)];
  const own: WrittenLine[] = [];
  const near: WrittenLine[] = [];
  for (const line of writtenLines(history)) {
    if (line.atMs < call.sentMs) continue;
    const text = line.text.toLowerCase();
    const hasAny = (parts: readonly string[]) => parts.some((part) => text.includes(part.toLowerCase()));
    // An id is unique, however late it appears. A name may belong to a later call.
    if (hasAny(ids) || (line.atMs < next && hasAny(names))) own.push(line);
    // A line of the last watched millisecond may come from the lab’s next step.
    else if (line.atMs < call.watchedMs) near.push(line);
  }
  return { own, near };
}

/** A shorter marker may be a part of any line. */
export const leastMarker = 6;

/** The forged text of a call. Undefined: it had none. */
export function forgeryOf(
  { calls, forgeries, forgery }: LoggingHistory,
  call: LoggedCall,
): Forgery | undefined {
  const index = calls.filter(({ purpose }) => purpose === 'forgery').indexOf(call);
  if (index < 0) return undefined;
  if (!forgery) return forgeries[index];
  const text = call.arguments[forgery.argument];
  return { by: 'text', allowed: true, text: typeof text === 'string' ? text : forgery.line, ...forgery };
}

/** Whether the server also wrote lines while the lab sent nothing. */
export function logsWithoutCalls({ quiet, launch }: LoggingHistory): boolean {
  return launch.output.lines.some(
    ({ atMs, stream }) => isLog(launch, stream) && atMs > quiet.fromMs && atMs < quiet.untilMs,
  );
}

/** The id of a call, as sent in the header and as a trace id. */
export function idsOf({ requestId }: LoggedCall): string[] {
  return [requestId, requestId.replaceAll('-', '')];
}

/** A line, short enough for a finding. */
export const excerpt = ({ text }: OutputLine): string => cut(text.trim(), 160);

/** The argument strings that are long enough to identify a call. */
const textsIn = (given: Record<string, unknown>): string[] =>
  Object.values(given).filter((value) => typeof value === 'string' && value.length >= 4) as string[];

export const lineCount = (lines: number): string => count(lines, 'line');

const moment = momentsOf('logging');

/** A line as a moment of the experiment. */
export const wrote = (line: WrittenLine): Moment => moment(line.atMs, `wrote: ${excerpt(line)}`);

const purposes = { plain: '', forgery: ' with a forged log line', failure: ', expected to fail' };

/** A call as a moment of the experiment. */
export const sent = (call: LoggedCall): Moment =>
  moment(call.sentMs, `called ${call.tool}${purposes[call.purpose]}`);

/** The judgement where missing lines may be among those that the lab dropped. */
export const dropped = ({ launch }: LoggingHistory): Judgement =>
  inconclusive(
    `The server wrote more than the lab keeps. What the missing ${lineCount(launch.output.droppedLines)} say is unknown.`,
  );
