import { randomBytes, randomInt } from 'node:crypto';
import type { Forgery } from '../../evidence/lab/logging.ts';
import type { TextArgument } from './text-argument.ts';

/** Arguments to try: each costs a call. */
const maxArguments = 5;
/** The lab makes no longer texts. */
const maxCharacters = 10_000;
/** Letters only, as some patterns demand. No word consists of these. */
const letters = 'bcdfghjklmnpqrstvwxz';
const markerCharacters = 6;

/** A text for one argument that ends its field and its line in the log, and begins another line. */
export interface ForgedText extends Forgery {
  arguments: Record<string, unknown>;
}

/** Forged texts for the arguments of a tool. Those whose schema allows the most come first. */
export function forgedTexts(places: readonly TextArgument[]): ForgedText[] {
  return places
    .map(forge)
    .sort(
      (left, right) => Number(right.allowed) - Number(left.allowed) || right.text.length - left.text.length,
    )
    .slice(0, maxArguments);
}

type Form = Pick<Forgery, 'text' | 'line' | 'marker'>;

function forge(place: TextArgument): ForgedText {
  const forms = formsFor(place).map((form) => ({
    ...form,
    text: form.text.padStart(Math.min(place.minLength, maxCharacters), 'x'),
  }));
  const fitting = forms.find(({ text }) => text.length <= maxCharacters && place.allows(text));
  // What the schema forbids is sent all the same: it may be logged before it is checked.
  const { text, line, marker } = fitting ?? (formsFor(place)[0] as Form);
  const { path: argument, by } = place;
  return { argument, by, allowed: fitting !== undefined, text, line, marker, arguments: place.put(text) };
}

/** From the most telling to the shortest that can still break a line. */
function formsFor({ prefix, maxLength }: TextArgument): Form[] {
  const name = `FORGED-${randomBytes(4).toString('hex')}`;
  const entry = JSON.stringify({ time: new Date().toISOString(), level: 'error', message: name });
  const marker = Array.from({ length: markerCharacters }, () => letters[randomInt(letters.length)]).join('');
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
    { text: `\n${marker}`, line: marker, marker },
    { text: '"', line: '', marker: '' },
  ];
}
