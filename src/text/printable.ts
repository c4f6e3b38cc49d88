/**
 * Characters that move a cursor, hide text or reverse it (C0 and C1 controls, zero-width and bidirectional formatting), and those
 * that XML 1.0 section 2.2 forbids (Unicode Technical Report 36, section 3; ECMA-48).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu;

/** Text of a server with every control except line feed and tab as an escape: `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(unprintable, (char) =>
    char === '\n' || char === '\t' ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The factor of a first cut before the search, because consecutive controls may become one space. */
const spare = 4;
/** The longest message. */
export const lineCharacters = 300;

/**
 * Text of a server that is safe on a terminal: one line, with every control as an escape, and without the commands of pipelines
 * (`##[group]` on GitHub, `##vso[` on Azure).
 *
 * @param limit longest result in UTF-16 units; the rest becomes an ellipsis
 */
export function printable(text: string, limit = 400): string {
  const line = oneLine(cut(text, spare * limit)).replace(/##(?=\w*\[)/g, '#\\u{23}');
  return cut(line, limit);
}

/** Text of a server on one line, with every control as an escape. */
export const oneLine = (text: string): string => visible(text.replace(/[\r\n\t]+/g, ' '));

/** The unambiguous name of a file on one line: line feed and tab are escapes, too. */
export const nameText = (name: string): string =>
  visible(name).replaceAll('\n', '\\u{a}').replaceAll('\t', '\\u{9}');

/** At most `limit` UTF-16 units, with an ellipsis for the rest. It splits no character. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** For a sentence: one line of at most `limit`. */
export const excerpt = (text: string, limit: number): string => cut(text.replace(/\s+/g, ' ').trim(), limit);

/** An excerpt in quotation marks. */
export const quoted = (text: string): string => JSON.stringify(excerpt(text, 120));

/** The first letter in upper case. */
export const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** For evidence: one line of at most `limit`, with controls as spaces. */
export function singleLine(text: string, limit = lineCharacters): string {
  const long = text.length > spare * limit;
  const line = (long ? text.slice(0, spare * limit) : text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return long ? `${line.slice(0, limit - 1)}…` : cut(line, limit);
}

/** For evidence: the text with its lines, without the controls that a terminal would obey. */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern removes them
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd');
}
