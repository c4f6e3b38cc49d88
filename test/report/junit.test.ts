import { describe, expect, it } from 'vitest';
import { junitReport } from '../../src/report/junit.ts';
import type { Report } from '../../src/report/schema.ts';
import { extendedEvidence, goldenReports, hostileReport, hostileText, reportOf } from '../support/reports.ts';
import { elementsOf, named } from '../support/xml.ts';

const numberOf = (report: Report, ...verdicts: string[]): string =>
  String(report.rows.filter(({ verdict }) => verdicts.includes(verdict)).length);

const failuresOf = (report: Report) => named(elementsOf(junitReport(report)), 'failure');

describe('the JUnit report', () => {
  it.each(Object.entries(goldenReports))('counts rows as test cases: %s', (_, make) => {
    const report = make();
    const elements = elementsOf(junitReport(report));
    expect(elements[0]).toMatchObject({
      name: 'testsuites',
      attributes: {
        tests: String(report.rows.length),
        failures: numberOf(report, 'fail'),
        errors: '0',
        skipped: numberOf(report, 'unknown', 'not-applicable'),
        time: '1.234',
      },
    });
    const names = named(elements, 'testcase').map(({ attributes }) => attributes.name);
    expect(names.sort()).toEqual(report.rows.map(({ id }) => id).sort());
    for (const name of ['tests', 'failures', 'skipped']) {
      const inSuites = named(elements, 'testsuite').map(({ attributes }) => Number(attributes[name]));
      expect(String(inSuites.reduce((sum, number) => sum + number, 0))).toBe(elements[0]?.attributes[name]);
    }
    expect(named(elements, 'failure')).toHaveLength(Number(numberOf(report, 'fail')));
    for (const { attributes } of named(elements, 'skipped')) expect(attributes.message).not.toBe('');
  });

  it('gives the reason of a failure, its evidence and the fix', () => {
    const failure = failuresOf(hostileReport()).at(-1);
    expect(failure?.attributes.type).toBe('required');
    expect(failure?.text).toContain('request POST /mcp → 401 in 4 ms');
    expect(failure?.text).toContain('Fix: Nothing can be done.');
    const health = failuresOf(reportOf(extendedEvidence())).find(({ text }) => text.startsWith('Health'));
    expect(health?.attributes.message).toContain('GET /health');
  });

  it('has one line per statement, and no forged line', () => {
    const report = hostileReport();
    const file = 'a\nPass (core, declared): forged';
    for (const { criteria } of report.rows) for (const one of criteria) one.places = [{ file, line: 3 }];
    const text = failuresOf(report)
      .map((failure) => failure.text)
      .join('\n');
    expect(text).toContain('  at a\\u{a}Pass (core, declared): forged:3');
    expect(text).not.toMatch(/^Pass \(core, declared\): forged/m);
  });

  it('keeps the text of a server, except characters that XML forbids', () => {
    const said = failuresOf(hostileReport()).at(-1)?.text;
    const plain = hostileText.split('\n').filter((line) => /^[\x20-\x7e]+$/.test(line));
    for (const line of plain) expect(said).toContain(line);
    expect(said).toContain('\\u{d800} \\u{ffff} \\u{0}');
  });
});
