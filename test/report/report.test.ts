import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { publishedSchemas } from '../../scripts/schemas.ts';
import { jsonReport } from '../../src/report/json.ts';
import { terminalReport } from '../../src/report/terminal.ts';
import { expectGolden } from '../support/golden.ts';
import { hostileEvidence, mixedEvidence, reportOf } from '../support/reports.ts';

const plain = { columns: 80, colour: 0 } as const;
const mixed = () => reportOf(mixedEvidence(), { minScore: 80, require: ['non-root-user'] });
const nothing = () => reportOf({ notices: [] });

/** What a terminal acts on. Newlines are the report's own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const active = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

describe('the published schemas', () => {
  it.each(Object.entries(publishedSchemas()))(
    '%s is what the source defines (npm run schema)',
    (name, text) => {
      expect(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8')).toBe(text);
    },
  );
});

describe('the JSON report', () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(publishedSchemas()['report.schema.json'] ?? ''));

  it.each([
    ['a mixed server', mixed],
    ['nothing at all', nothing],
    ['a hostile server', () => reportOf(hostileEvidence())],
  ])('is one document that the schema accepts: %s', (_, make) => {
    const text = jsonReport(make());
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(text).not.toMatch(active);
    expect(JSON.parse(text)).toEqual(make());
  });

  it('matches the golden', () => {
    expectGolden('report.json', jsonReport(mixed()));
  });

  it('has a schema that refuses another shape', () => {
    expect(validate({ ...JSON.parse(jsonReport(mixed())), extra: 1 })).toBe(false);
    expect(validate({ ...JSON.parse(jsonReport(mixed())), score: 101 })).toBe(false);
  });
});

describe('the terminal report', () => {
  it('keeps within a narrow terminal', () => {
    const lines = terminalReport(mixed(), { columns: 40, colour: 0 }).split('\n');
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
  });

  it('matches the golden, in 80 columns and without colour', () => {
    const text = terminalReport(mixed(), plain);
    expectGolden('report.txt', text);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('says the same with colour', () => {
    const coloured = terminalReport(mixed(), { columns: 80, colour: 1 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the report's own colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(terminalReport(mixed(), plain));
    expect(coloured).not.toBe(terminalReport(mixed(), plain));
  });

  it('prints all ten rows, whatever was seen', () => {
    for (const { id } of nothing().rows) expect(terminalReport(nothing(), plain)).toContain(id);
    expect(nothing().rows).toHaveLength(10);
  });

  it('shows what a hostile server sent, and acts on none of it', () => {
    const text = terminalReport(reportOf(hostileEvidence()), plain);
    expect(text).not.toMatch(active);
    expect(text).toContain('\\u{1b}]0;owned');
    expect(text).not.toMatch(/^::/m);
  });
});
