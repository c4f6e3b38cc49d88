import type { Forgery, LoggingHistory } from '../../../evidence/lab/logging.ts';
import { isObject } from '../../../text/json.ts';
import { capitalised } from '../../../text/printable.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { succeeded } from '../../reading/lab/calls.ts';
import { dropped, excerpt, leastMarker, lineCount, sent, wrote } from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { type Attempt, attemptsIn, linesOfCall } from './forged-lines.ts';

/** Judges whether an argument can end its log line and begin another. */
export function judgeForgery(history: LoggingHistory): Judgement {
  const attempts = attemptsIn(history);
  if (attempts.length === 0) {
    return inconclusive('The tool takes no text. Name a tool with a string argument in "tool".');
  }
  for (const attempt of attempts) {
    const [forged] = attempt.forged;
    if (forged !== undefined) {
      return fail(
        `${textOf(attempt)} forged an entry. The log holds this line: ${excerpt(forged)}`,
        sent(attempt.call),
        wrote(forged),
      );
    }
  }
  for (const attempt of attempts) {
    const [broken] = attempt.broken;
    if (broken !== undefined) {
      return fail(
        `${textOf(attempt)} broke a log line. This is not JSON: ${excerpt(broken)}`,
        sent(attempt.call),
        wrote(broken),
      );
    }
  }
  const silent = history.calls.every((call) => linesOfCall(history, call).length === 0);
  if (silent || attempts.every((attempt) => attempt.intact.length === 0 && !isRefused(attempt))) {
    return inconclusive(`The server logged no line for a call with a forged line. ${unknown}`);
  }
  if (history.launch.output.droppedLines > 0) return dropped(history);
  const ended = attempts.map((attempt) => ({ ...attempt, end: endOf(attempt, history) }));
  const places = [...new Set(attempts.map(placeOf))];
  return judgePlaces(places.map((place) => judgePlace(ended.filter((one) => placeOf(one) === place))));
}

const unknown = 'Whether an argument can forge a line is unknown.';

/**
 * - `escaped`: the log holds the text, and every line is whole
 * - `unlogged`: the server accepted the text, or does not log this argument, and every line is whole
 * - `refused`: the server refused a text that the schema forbids, and logged none of it
 * - `unknown`: the text may not have reached the log
 */
type End = 'escaped' | 'unlogged' | 'refused' | 'unknown';
type Ended = Attempt & { end: End };

function endOf(attempt: Attempt, history: LoggingHistory): End {
  const { call, intact } = attempt;
  if (holding(attempt) > 0) return 'escaped';
  const { outcome } = call;
  if (isRefused(attempt)) return 'refused';
  if (intact.length === 0) return 'unknown';
  // A shorter text cannot be found in a line of text.
  const searchable = attempt.marker.length >= leastMarker || intact.every(({ read }) => read.form === 'json');
  if (!searchable) return 'unknown';
  if (outcome.kind === 'http-error' || outcome.kind === 'no-answer') return 'unknown';
  return succeeded(call) || isNeverLogged(attempt, history) ? 'unlogged' : 'unknown';
}

/** Whether the server read a text that the schema forbids, and did not accept it. */
const isRefused = (attempt: Attempt): boolean => !attempt.allowed && wasRead(attempt);

const wasRead = ({ call: { outcome } }: Attempt): boolean =>
  outcome.kind === 'protocol-error' ||
  (outcome.kind === 'result' && outcome.isError) ||
  (outcome.kind === 'http-error' && (outcome.status === 400 || outcome.status === 422));

/** Whether the lines of a plain call that succeeded lack its value of this argument. */
function isNeverLogged({ argument }: Attempt, history: LoggingHistory): boolean {
  const plain = history.calls.find(({ purpose }) => purpose === 'plain');
  if (plain === undefined || !succeeded(plain)) return false;
  const value = valueAt(plain.arguments, argument);
  const lines = linesOfCall(history, plain);
  return (
    typeof value === 'string' &&
    value.length >= 4 &&
    lines.length > 0 &&
    !lines.some(({ text }) => text.toLowerCase().includes(value.toLowerCase()))
  );
}

/** The value at the path of an argument: "place.city", "cities[]". */
function valueAt(given: unknown, path: string): unknown {
  return path.split(/\.|(?=\[\])/).reduce<unknown>((value, step) => {
    if (step === '[]') return Array.isArray(value) ? value[0] : undefined;
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, given);
}

/** The lines that hold the text, escaped. */
function holding({ marker, text, intact }: Attempt): number {
  const part = marker.length >= leastMarker ? marker : JSON.stringify(text).slice(1, -1);
  return intact.filter((line) => line.text.toLowerCase().includes(part.toLowerCase())).length;
}

/** What the attempts in one argument show. `refused`: the schema forbids the text. `open`: nothing. */
interface Place {
  state: 'shown' | 'refused' | 'open';
  attempt: Ended;
  /** Why its text cannot forge a line. */
  finding: string;
}

const pieces = [
  { piece: '"', name: 'a quote' },
  { piece: '\n', name: 'a newline' },
];

function judgePlace(attempts: readonly Ended[]): Place {
  const texts = attempts.filter(({ text }) => pieces.some(({ piece }) => text.includes(piece)));
  const whole = texts.filter(({ text }) => pieces.every(({ piece }) => text.includes(piece)));
  const reached = whole.find(({ end }) => end === 'escaped') ?? whole.find(({ end }) => end === 'unlogged');
  if (reached !== undefined) return { state: 'shown', attempt: reached, finding: wholeText(reached) };
  const [first = attempts[0] as Ended] = texts;
  if (texts.length > 0 && texts.every(({ end }) => end === 'refused')) {
    return { state: 'refused', attempt: first, finding: wholeText(first) };
  }
  // The same text without them shows that they are the reason of a refusal.
  const control = attempts.some((one) => !texts.includes(one) && succeeded(one.call));
  const fates = pieces.flatMap(({ piece, name }) => {
    const alone = texts.find((one) => one.text.includes(piece) && !whole.includes(one));
    const fate =
      fateOf(alone, control) ?? (whole.some(isRefused) && alone === undefined ? 'refused' : undefined);
    return fate === undefined ? [] : [`${fate} ${name}`];
  });
  const rest = control ? ' It accepted the same text without them.' : '';
  const finding = `In ${placeOf(first)}, the server ${fates.join(' and ')}.${rest}`;
  return { state: fates.length === pieces.length ? 'shown' : 'open', attempt: first, finding };
}

function fateOf(alone: Ended | undefined, control: boolean): string | undefined {
  if (alone === undefined || (alone.end === 'unknown' && !(control && wasRead(alone)))) return undefined;
  return { escaped: 'escaped', unlogged: 'did not log', refused: 'refused', unknown: 'refused' }[alone.end];
}

function judgePlaces(places: readonly Place[]): Judgement {
  const of = (state: Place['state']) => places.filter((place) => place.state === state);
  const [open] = of('open');
  const [told = open] = [...of('shown'), ...(open === undefined ? of('refused') : [])];
  if (told === undefined || told.state === 'open') return notShown(told?.attempt);
  const others = (...states: Place['state'][]) =>
    places
      .filter((place) => place !== told && states.includes(place.state))
      .map(({ attempt }) => placeOf(attempt))
      .join(' and ');
  const same = others('shown', 'refused');
  const notKnown = others('open');
  return pass(
    [
      told.finding,
      ...(same === '' ? [] : [`The same text in ${same} changed no line either.`]),
      ...(notKnown === '' ? [] : [`Whether it reached the log from ${notKnown} is unknown.`]),
    ].join(' '),
    sent(told.attempt.call),
  );
}

function notShown(attempt: Ended | undefined): Judgement {
  const { outcome } = attempt?.call ?? {};
  if (attempt === undefined || outcome === undefined || succeeded(attempt.call)) {
    return inconclusive(`The server accepted a forged line that could not be found in its log. ${unknown}`);
  }
  return inconclusive(
    `The call failed (${outcomeText(outcome)}), and the server did not log its argument. ${unknown} Name a tool in "tool" that accepts any text.`,
  );
}

function wholeText(attempt: Ended): string {
  const { call, end, intact, by } = attempt;
  const refused = succeeded(call) ? '' : ` The server refused the call (${outcomeText(call.outcome)}).`;
  if (end === 'refused') {
    const why = by === 'text' ? ' The schema of the argument forbids this text.' : '';
    return `${textOf(attempt)} did not reach the log.${refused}${why}`;
  }
  const lines = holding(attempt);
  const where = lines === 0 ? 'no line' : `${lineCount(lines)}, escaped`;
  return `${textOf(attempt)} left ${lineCount(intact.length)} intact. The argument appears in ${where}.${refused}`;
}

/** "A quote, a newline and a forged line in argument "city"" */
function textOf(attempt: Attempt): string {
  const { text, line } = attempt;
  const parts = [
    ...(text.includes('"') ? ['a quote'] : []),
    ...(text.includes('\n') ? ['a newline'] : []),
    ...(line.startsWith('{') ? ['a forged line'] : []),
  ];
  const last = parts.length > 1 ? ` and ${parts.pop()}` : '';
  return `${capitalised(parts.join(', '))}${last} in ${placeOf(attempt)}`;
}

function placeOf({ argument, by }: Forgery): string {
  if (by === 'unknown-argument') return 'an argument that the tool does not have';
  return by === 'text' ? `argument "${argument}"` : `argument "${argument}", which takes no text,`;
}
