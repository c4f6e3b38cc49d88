import { describe, expect, it } from 'vitest';
import { type Format, formats } from '../../src/report/formats.ts';
import { hostileReport, mixedEvidence, reportOf } from '../support/reports.ts';

/** What a terminal acts on. Newlines are the report's own. */
const active =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}|\p{Noncharacter_Code_Point}/u;

describe.each(Object.entries<Format>(formats))('text of a hostile server, as %s', (name, { write }) => {
  const texts = [20, 40, 80, 100].map((columns) => write(hostileReport(), { columns, colour: 0 }));

  it('has no character that acts on a terminal', () => {
    for (const text of texts) expect(active.exec(text)?.[0]).toBeUndefined();
  });

  it('has no pipeline command, wherever lines wrap', () => {
    for (const text of texts) {
      expect(text).not.toMatch(/^\s*::/m);
      expect(text).not.toMatch(/##(vso)?\[/);
    }
  });

  it('still shows it', () => {
    if (name !== 'badge') expect(texts[0]?.replaceAll(/\s/g, '')).toContain('owned');
  });
});

/** The name of a file may hold anything but NUL and "/": here line breaks of all kinds, and what turns text around. */
const hostileName = 'a\nforged\r\nforged\u2028forged\u0085forged\u202e\u001b[2Jforged.yaml';

describe.each(Object.entries<Format>(formats))('a hostile file name, as %s', (name, { write }) => {
  const report = reportOf(mixedEvidence());
  for (const criterion of report.rows.flatMap(({ criteria }) => criteria)) {
    if (criterion.verdict !== 'fail') continue;
    criterion.places = [{ file: hostileName, line: 3 }];
    criterion.finding = `${hostileName}:3 is wrong.`;
  }
  const text = write(report, { columns: 400, colour: 0 });

  it('starts no line and has no character that acts on a terminal', () => {
    // To HTML, a line break in a text is a space.
    if (name !== 'html') expect(text).not.toMatch(/^\s*forged/m);
    expect(text).not.toMatch(/[\u2028\u2029]/);
    expect(active.exec(text)?.[0]).toBeUndefined();
    if (name !== 'badge') expect(text).toContain('forged');
  });
});
