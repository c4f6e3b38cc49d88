/**
 * C0 and C1 controls, zero-width and bidirectional formatting: what moves a cursor, hides text or turns it around; and
 * what XML 1.0 section 2.2 allows in no document, not even as a reference.
 * Unicode Technical Report 36, section 3; ECMA-48 for the controls.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu;

/** Text of a server with every control but line feed and tab visible as an escape: `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(unprintable, (char) =>
    char === '\n' || char === '\t' ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A text is cut before anything is looked for in it; so many times as long, controls in a row may become one space. */
const spare = 4;
/** Characters of a message. */
export const lineCharacters = 300;

/**
 * Text of a server, made safe to print on a terminal: on one line, with every control visible as an escape, and without
 * the commands that pipelines find anywhere in a line (`##[group]` on GitHub, `##vso[` on Azure).
 *
 * @param limit longest result in UTF-16 units; the rest becomes an ellipsis
 */
export function printable(text: string, limit = 400): string {
  const line = oneLine(cut(text, spare * limit)).replace(/##(?=\w*\[)/g, '#\\u{23}');
  return cut(line, limit);
}

/** Text of a server on one line, with every control visible as an escape. */
export const oneLine = (text: string): string => visible(text.replace(/[\r\n\t]+/g, ' '));

/** The name of a file, on one line and not to be taken for another: line feed and tab are visible as well. */
export const nameText = (name: string): string =>
  visible(name).replaceAll('\n', '\\u{a}').replaceAll('\t', '\\u{9}');

/** At most `limit` UTF-16 units, the last an ellipsis where something is missing. No character is cut in two. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** For a sentence: on one line, and no longer than `limit`. */
export const excerpt = (text: string, limit: number): string => cut(text.replace(/\s+/g, ' ').trim(), limit);

/** The same in quotation marks. */
export const quoted = (text: string): string => JSON.stringify(excerpt(text, 120));

/** The first letter in upper case. */
export const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** For evidence: one line, controls as spaces, no longer than `limit`. */
export function singleLine(text: string, limit = lineCharacters): string {
  const long = text.length > spare * limit;
  const line = (long ? text.slice(0, spare * limit) : text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return long ? `${line.slice(0, limit - 1)}…` : cut(line, limit);
}

/** For evidence: the text with its lines, but without the controls that a terminal would obey. */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd');
}
