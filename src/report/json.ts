import type { Report } from './schema.ts';

/**
 * The report as one JSON document. Characters that a terminal could act on (C1 controls, bidirectional marks) are
 * written as escapes, which any JSON parser reads back.
 */
export function jsonReport(report: Report): string {
  const escaped = JSON.stringify(report, null, 2).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (char) =>
    Array.from(
      { length: char.length },
      (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
  return `${escaped}\n`;
}
