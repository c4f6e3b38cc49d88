/**
 * C0 and C1 controls, zero-width and bidirectional formatting: what moves a cursor, hides text or turns it around.
 * Unicode Technical Report 36, section 3; ECMA-48 for the controls.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/**
 * Text of a server, made safe to print on a terminal: on one line, with every control visible as an escape.
 *
 * @param limit longest result in UTF-16 units; the rest becomes an ellipsis
 */
export function printable(text: string, limit = 400): string {
  const visible = text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return visible.length > limit ? `${visible.slice(0, limit - 1)}…` : visible;
}

/** "1 row", "2 rows" */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
