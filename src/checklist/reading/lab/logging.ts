import type { LaunchFacts, OutputLine } from '../../../evidence/lab/launch.ts';
import type { LoggedCall, LoggingHistory } from '../../../evidence/lab/logging.ts';
import { inconclusive, type Judgement, type Moment } from '../../row.ts';
import { type LogLine, readLine } from './log-lines.ts';
import { momentsOf } from './proven-by.ts';

/** A line that the server wrote, and what it says. */
export interface WrittenLine extends OutputLine {
  read: LogLine;
}

/**
 * The lines of a log that can be judged: blank ones and pieces are left out. Over stdio, stdout is the protocol's; what stands
 * there besides is another matter, and no log.
 */
export function writtenLines({ launch }: LoggingHistory): WrittenLine[] {
  return launch.output.lines
    .filter(({ stream, text, cut }) => isLog(launch, stream) && text.trim() !== '' && cut !== true)
    .map((line) => ({ ...line, read: readLine(line.text) }));
}

const isLog = ({ port }: LaunchFacts, stream: OutputLine['stream']): boolean =>
  port !== null || stream === 'stderr';

/** Where a log is looked for, in words. */
export const logStreams = ({ launch }: LoggingHistory): string =>
  launch.port === null ? 'stderr' : 'stdout or stderr';

/** What was written from the first request until the server was asked to end. */
export function servedLines(history: LoggingHistory): WrittenLine[] {
  const { servingMs, stoppedMs } = history;
  return writtenLines(history).filter(({ atMs }) => atMs >= servingMs && atMs < stoppedMs);
}

/** The lines of one call. */
export interface CallLines {
  /** Those that name its tool, an argument or its id. */
  own: WrittenLine[];
  /** Others that appeared while it was watched. */
  near: WrittenLine[];
}

export function linesOf(history: LoggingHistory, call: LoggedCall): CallLines {
  const { calls, forgery } = history;
  const next = calls[calls.indexOf(call) + 1]?.sentMs ?? Infinity;
  const ids = [...idsOf(call), ...(call.purpose === 'forgery' && forgery !== null ? [forgery.marker] : [])];
  const words = [call.tool, ...textsIn(call.arguments)];
  const own: WrittenLine[] = [];
  const near: WrittenLine[] = [];
  for (const line of writtenLines(history)) {
    if (line.atMs < call.sentMs) continue;
    const text = line.text.toLowerCase();
    const named = (list: readonly string[]) => list.some((word) => text.includes(word.toLowerCase()));
    // An id is found however late it comes; a word may be of another call.
    if (named(ids) || (line.atMs < next && named(words))) own.push(line);
    // A line from the millisecond in which the watch ended may be due to what the lab did next.
    else if (line.atMs < call.watchedMs) near.push(line);
  }
  return { own, near };
}

/** Lines that appeared while nothing was sent, as often as these do: they come without a call. */
export function comesUnasked({ quiet, launch }: LoggingHistory): boolean {
  return launch.output.lines.some(
    ({ atMs, stream }) => isLog(launch, stream) && atMs > quiet.fromMs && atMs < quiet.untilMs,
  );
}

/** How a call's id is written: as the header has it, and as a trace id. */
export function idsOf({ requestId }: LoggedCall): string[] {
  return [requestId, requestId.replaceAll('-', '')];
}

/** A line as a finding shows it. */
export function shown({ text }: OutputLine): string {
  const line = text.trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

/** Strings among the arguments that are long enough to be recognised. */
function textsIn(words: Record<string, unknown>): string[] {
  return Object.values(words).filter((value) => typeof value === 'string' && value.length >= 4) as string[];
}

export const lineCount = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

const moment = momentsOf('logging');

/** A line as a moment of the experiment. */
export const wrote = (line: WrittenLine): Moment => moment(line.atMs, `wrote: ${shown(line)}`);

const purposes = { plain: '', forgery: ' with a forged log line', failure: ' so that it fails' };

/** A call as a moment of the experiment. */
export const sent = (call: LoggedCall): Moment =>
  moment(call.sentMs, `called ${call.tool}${purposes[call.purpose]}`);

/** Nothing can be said of lines that are missing where not all were kept. */
export function dropped({ launch }: LoggingHistory): Judgement {
  return inconclusive(`It wrote so much that ${launch.output.droppedLines} lines were not kept.`);
}
