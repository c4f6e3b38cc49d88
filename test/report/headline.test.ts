import { describe, expect, it } from 'vitest';
import { formats } from '../../src/report/formats.ts';
import type { Report, ReportCriterion, ReportRow } from '../../src/report/schema.ts';
import { mixedEvidence, reportOf } from '../support/reports.ts';

const criterion = (id: string, rest: Partial<ReportCriterion>): ReportCriterion => ({
  id,
  title: id,
  kind: 'core',
  verdict: 'pass',
  proof: 'declared',
  finding: `Finding of ${id}.`,
  ...rest,
});

/** A report of one row. */
function reportOfRow(row: Partial<ReportRow>): Report {
  const report = reportOf(mixedEvidence());
  return {
    ...report,
    rows: report.rows.slice(0, 1).map((first) => ({ ...first, contradictions: [], ...row })),
  };
}

const told = (name: 'terminal' | 'markdown' | 'html' | 'junit' | 'sarif', report: Report): string =>
  formats[name].write(report, { columns: 100, colour: 0 });

describe('the headline in a format', () => {
  const failed = reportOfRow({
    verdict: 'fail',
    headline: 'main',
    criteria: [criterion('main', { verdict: 'fail' }), criterion('other', { verdict: 'fail' })],
  });
  const first = (name: Parameters<typeof told>[0]) => told(name, failed).match(/Finding of (\w+)/)?.[1];

  it.each(['terminal', 'markdown', 'html', 'junit', 'sarif'] as const)('is the first finding: %s', (name) => {
    expect(first(name)).toBe('main');
  });

  it('is found by its id', () => {
    const report = reportOfRow({
      verdict: 'pass',
      headline: 'main',
      criteria: [criterion('other', {}), criterion('main', {})],
    });
    expect(told('terminal', report)).toMatch(/^ +Finding of main\.$/m);
    expect(told('terminal', report)).not.toContain('Finding of other.');
  });

  it('is the reason where there is no finding', () => {
    const open = criterion('main', {
      verdict: 'inconclusive',
      finding: '',
      reason: 'Nothing ran: add --lab.',
    });
    const report = reportOfRow({ verdict: 'unknown', headline: 'main', criteria: [open] });
    for (const name of ['terminal', 'markdown', 'html', 'junit'] as const) {
      expect(told(name, report), name).toContain('Nothing ran: add --lab.');
    }
  });
});

describe('a partial row', () => {
  const lost = criterion('lost', { kind: 'extra', verdict: 'fail' });
  const rest = { verdict: 'partial', headline: 'main' } as const;
  const partial = reportOfRow({ ...rest, criteria: [criterion('main', {}), lost] });

  it.each([
    ['terminal', /^ +Finding of main\.\n +Lost points: Finding of lost\.$/m],
    ['markdown', /\| Finding of main\. \*\*Lost points\*\*: Finding of lost\. \|$/m],
    ['html', /<br>Finding of main\.<br><strong>Lost points:<\/strong> Finding of lost\.<\/span><\/summary>/],
    [
      'junit',
      /Pass \(core, declared\): main\. Finding of main\.\n+Fail \(extra, declared\): lost\. Finding of lost\./,
    ],
    ['sarif', /"level": "note",\s+"message": \{\s+"text": "Finding of lost\."/],
  ] as const)('shows what it lost points for, after the headline: %s', (name, text) => {
    expect(told(name, partial)).toMatch(text);
  });

  it('says a contradiction once', () => {
    const contradictions = ['Finding of lost.', 'Files say A, the server says B.'];
    const report = reportOfRow({ ...rest, criteria: [criterion('main', {}), lost], contradictions });
    const text = told('terminal', report);
    expect(text.match(/Finding of lost\./g)).toHaveLength(1);
    expect(text.match(/Contradiction: .*/g)).toEqual(['Contradiction: Files say A, the server says B.']);
  });
});
