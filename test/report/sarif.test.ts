import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarifReport } from '../../src/report/sarif.ts';
import type { Report, ReportCriterion } from '../../src/report/schema.ts';
import { extendedEvidence, goldenReports, mixedEvidence, reportOf } from '../support/reports.ts';

function runOf(report: Report) {
  const [run] = (JSON.parse(sarifReport(report)) as Log).runs;
  if (!run) throw new Error('There is no run.');
  return run;
}

const uriOf = (result: Result | undefined): string =>
  result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';

/** The result of a report with one failed criterion that differs like this. */
function resultOf(differs: Partial<ReportCriterion>, target: Report['target']): Result | undefined {
  const report = reportOf(mixedEvidence());
  const [row] = report.rows;
  const [criterion] = row?.criteria ?? [];
  if (!row || !criterion) throw new Error('There is no criterion.');
  const rows = [
    { ...row, criteria: [{ ...criterion, verdict: 'fail' as const, places: [], exchanges: [], ...differs }] },
  ];
  return runOf({ ...report, target, rows }).results?.[0];
}

describe('the SARIF report', () => {
  it.each(Object.entries(goldenReports))(
    'has a rule per row and a result per failed criterion: %s',
    (_, make) => {
      const report = make();
      const { tool, results = [] } = runOf(report);
      const rules = tool.driver.rules ?? [];
      expect(rules.map(({ id }) => id)).toEqual(report.rows.map(({ id }) => id));
      const failed = report.rows.flatMap((row) =>
        row.criteria.flatMap((one) => (one.verdict === 'fail' ? `${row.id}/${one.id}` : [])),
      );
      expect(results.map(({ partialFingerprints }) => partialFingerprints?.['criterion/v1'])).toEqual(failed);
      for (const { ruleId, ruleIndex = -1 } of results) expect(rules[ruleIndex]?.id).toBe(ruleId);
    },
  );

  it.each(Object.entries(goldenReports))(
    'places every result at a relative URI, as GitHub demands: %s',
    (_, make) => {
      for (const result of runOf(make()).results ?? []) {
        const uri = uriOf(result);
        expect(uri).toMatch(/^([\w.~!*'()/-]|%[0-9A-F]{2})+$/);
        expect(new URL(uri, 'file:///srv/').href).toBe(`file:///srv/${uri === '.' ? '' : uri}`);
      }
    },
  );

  it('names file and line, relative to the directory of the audit', () => {
    const places = [
      { file: 'deploy/a file.yaml', line: 7 },
      { file: 'Dockerfile', line: 1 },
    ];
    expect(resultOf({ places }, { project: '.' })).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'deploy/a%20file.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 7 },
          },
        },
      ],
      relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'Dockerfile' } } }],
    });
    const seenFrom = (project: string) => uriOf(resultOf({ places }, { project }));
    expect(seenFrom('services/weather/')).toBe('services/weather/deploy/a%20file.yaml');
    expect(seenFrom('./services')).toBe('services/deploy/a%20file.yaml');
    expect(seenFrom('/srv/weather')).toBe('deploy/a%20file.yaml');
    expect(seenFrom('../weather')).toBe('deploy/a%20file.yaml');
  });

  it('keeps a file name of any characters', () => {
    const name = 'a\nb\r\u001b[1m\u202e\u0085\u2028 #?%2f%00::##[x]é\\.yaml';
    const uri = uriOf(resultOf({ places: [{ file: `deploy/${name}`, line: 7 }] }, { project: '.' }));
    expect(uri).toMatch(/^deploy\/[\w.~!'()*%-]+$/);
    expect(decodeURIComponent(uri ?? '')).toBe(`deploy/${name}`);
    const broken = uriOf(resultOf({ places: [{ file: 'a\ud800b', line: 7 }] }, { project: '.' }));
    expect(decodeURIComponent(broken ?? '')).toBe('a\ufffdb');
  });

  it('names the server for findings over the wire, and the project for findings without a line', () => {
    const url = 'https://weather.example:8443/mcp';
    expect(resultOf({ proof: 'observed' }, { url })?.locations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: 'weather.example_8443/mcp' } },
        logicalLocations: [{ fullyQualifiedName: url, kind: 'resource' }],
      },
    ]);
    expect(uriOf(resultOf({ proof: 'declared' }, { project: 'weather', url }))).toBe('weather');
    expect(uriOf(resultOf({ proof: 'declared' }, { project: '/srv/weather' }))).toBe('.');
  });

  it('is an error, a warning or a note by the cost of the failure', () => {
    const report = reportOf(extendedEvidence(), {}, 'extended');
    const levels = (runOf(report).results ?? []).map(
      ({ level, partialFingerprints }) => `${partialFingerprints?.['criterion/v1']}: ${level}`,
    );
    expect(levels).toContain('endpoint-authentication/anonymous-refused: warning');
    expect(levels).toContain('non-root-user/no-privilege-escalation: note');
    expect(levels.filter((text) => text.startsWith('restart-policy/'))[0]).toMatch(/: error$/);
  });
});
