import type { Report } from './schema.ts';

/** The report as one JSON document. */
export const jsonReport = (report: Report): string => jsonText(report);

/**
 * A document as JSON. Characters that act on a terminal (C1 controls, bidirectional marks, invisible characters) and the
 * second `#` of a pipeline's command (`##[group]`) are escaped. Any JSON parser restores them.
 */
export function jsonText(document: unknown): string {
  const escaped = JSON.stringify(document, null, 2).replace(
    /[\u007f-\u009f\p{Cf}\p{Co}\p{Noncharacter_Code_Point}\u2028\u2029]|(?<=#)#/gu,
    escapes,
  );
  return `${escaped}\n`;
}

const escapes = (char: string): string =>
  Array.from(
    { length: char.length },
    (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
