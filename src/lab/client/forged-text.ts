import { randomBytes, randomInt } from 'node:crypto';
import type { Forgery } from '../../evidence/lab/logging.ts';
import type { TextArgument } from './text-argument.ts';

/** Each costs a call. */
const maxTexts = 5;
/** The lab makes no longer texts. */
const maxCharacters = 10_000;
/** Letters only, as some patterns demand. No word consists of these. */
const letters = 'bcdfghjklmnpqrstvwxz';
const markerCharacters = 6;

/** A text for one argument that ends its field and its line in the log, and begins another line. */
export interface ForgedText {
  forgery: Forgery;
  /** Of the call that carries it. */
  arguments: Record<string, unknown>;
  place: TextArgument;
}

type Form = Pick<Forgery, 'text' | 'line' | 'marker'>;

/** Forged texts for the arguments of a tool. Those whose schema allows the most come first. */
export function forgedTexts(places: readonly TextArgument[]): ForgedText[] {
  return places
    .flatMap(forge)
    .sort(
      ({ forgery: left }, { forgery: right }) =>
        Number(right.allowed) - Number(left.allowed) || right.text.length - left.text.length,
    )
    .slice(0, maxTexts);
}

/** A quote, a newline, and neither: where the server refused a forged text, they show why. */
export function piecesOf({ place }: ForgedText): ForgedText[] {
  const { prefix } = place;
  return ['"', '\n', ''].flatMap((piece) => {
    const marker = randomMarker();
    const text = `${prefix}${piece}${marker}`.padStart(Math.min(place.minLength, maxCharacters), 'x');
    const line = piece === '\n' ? marker : '';
    return place.allows(text) ? [forgedText(place, { text, line, marker }, true)] : [];
  });
}

function forge(place: TextArgument): ForgedText[] {
  const forms = formsFor(place).map((form) => ({
    ...form,
    text: form.text.padStart(Math.min(place.minLength, maxCharacters), 'x'),
  }));
  const fitting = forms.find(({ text }) => text.length <= maxCharacters && place.allows(text));
  // What the schema forbids is sent, too: it may be logged before it is checked.
  const forbidden = formsFor(place)
    .slice(0, 1)
    .map((form) => forgedText(place, form, false));
  if (fitting === undefined) return forbidden;
  const whole = fitting.text.includes('"') && fitting.text.includes('\n');
  return [forgedText(place, fitting, true), ...(whole || place.maxLength < 2 ? [] : forbidden)];
}

function forgedText(place: TextArgument, { text, line, marker }: Form, allowed: boolean): ForgedText {
  const forgery = { argument: place.path, by: place.by, allowed, text, line, marker };
  return { forgery, arguments: place.put(text), place };
}

const randomMarker = (): string =>
  Array.from({ length: markerCharacters }, () => letters[randomInt(letters.length)]).join('');

/** From the most telling to the shortest that can still break a line. */
function formsFor({ prefix, maxLength }: TextArgument): Form[] {
  const name = `FORGED-${randomBytes(4).toString('hex')}`;
  const entry = JSON.stringify({ time: new Date().toISOString(), level: 'error', message: name });
  const marker = randomMarker();
  const message = JSON.stringify({ msg: marker });
  const shortest = JSON.stringify({ [marker]: 1 });
  const piece = marker.slice(0, Math.max(0, maxLength - 2));
  return [
    // The quote ends a field, the escape erases a line on a terminal, the newline ends the line.
    { text: `${prefix}"\u001b[2K\n${entry}\n`, line: entry, marker: name },
    { text: `${prefix}"\n${message}`, line: message, marker },
    { text: `"\n${message}`, line: message, marker },
    { text: `"\n${shortest}`, line: shortest, marker },
    { text: `"\n${piece}`, line: piece, marker: piece },
    { text: `"${marker}`, line: '', marker },
    // Some servers trim a text.
    { text: `x\n${marker}`, line: marker, marker },
    { text: '"', line: '', marker: '' },
  ];
}
