import { describe, expect, it } from 'vitest';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { extendedEvidence, goldenReports, reportOf } from '../support/reports.ts';

const plain = { columns: 80, colour: 0 } as const;
const extended = () => reportOf(extendedEvidence(), { failOn: 'recommended' }, 'extended');

describe('the terminal report', () => {
  it.each([40, 60, 80, 200])('keeps within %i columns', (columns) => {
    const lines = terminalReport(extended(), { columns, colour: 0 }).split('\n');
    expect(lines.filter((line) => line.length > Math.min(columns, 100))).toEqual([]);
  });

  it('has the same text with colour', () => {
    const coloured = terminalReport(extended(), { columns: 80, colour: 1 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the report's own colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(terminalReport(extended(), plain));
    expect(coloured).not.toBe(terminalReport(extended(), plain));
  });

  it.each(Object.entries(goldenReports))('prints all rows and their verdicts in words: %s', (_, make) => {
    const report = make();
    const text = terminalReport(report, plain);
    for (const { id } of report.rows) {
      expect(text).toMatch(new RegExp(`^  (PASS|PARTIAL|FAIL|UNKNOWN|N/A) +${id} `, 'm'));
    }
  });

  it('always gives the points behind a score', () => {
    const text = terminalReport(extended(), plain);
    expect(text).toMatch(/^Score +\d+ of 100/m);
    expect(text).toMatch(/^Points +[\d.]+ earned, [\d.]+ lost, [\d.]+ not assessed \(of \d+\)$/m);
    expect(text).toMatch(/^Coverage +\d+ % of the points assessed$/m);
    expect(text).toMatch(/^To earn +add --lab: up to [\d.]+ points$/m);
    expect(terminalReport(reportOf({ notices: [] }), plain)).toMatch(/^Score +none$/m);
  });

  it('calls a server not ready only for failed rows', () => {
    const report = extended();
    expect(terminalReport(report, plain)).toMatch(/^Ready +no: of 11 required rows, \d failed/m);
    const rows = report.rows.filter(({ verdict }) => verdict !== 'fail');
    expect(terminalReport({ ...report, rows }, plain)).toMatch(/^Ready +unknown: .*could not be assessed/m);
  });

  it('draws with ASCII, which screen readers skip', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything but ASCII
    expect(terminalReport(extended(), plain).replace(/[\u0000-\u007f]/g, '')).toMatch(/^[→’…]*$/);
  });
});
