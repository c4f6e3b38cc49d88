import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { publishedSchemas } from '../../scripts/schemas.ts';
import { jsonReport } from '../../src/report/json.ts';
import { goldenReports, mixedEvidence, reportOf } from '../support/reports.ts';

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

  it.each(Object.entries(goldenReports))('is one document that the schema accepts: %s', (_, make) => {
    const text = jsonReport(make());
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(text)).toEqual(make());
  });

  it('has a schema that refuses another shape', () => {
    const report = JSON.parse(jsonReport(reportOf(mixedEvidence())));
    expect(validate(report)).toBe(true);
    expect(validate({ ...report, extra: 1 })).toBe(false);
    expect(validate({ ...report, score: 101 })).toBe(false);
    const { exchanges: _, ...without } = report;
    expect(validate(without)).toBe(false);
  });
});
