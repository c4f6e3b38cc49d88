import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { extendedEvidence, reportOf } from '../support/reports.ts';

it('the example of docs/verdicts.md is what an audit prints, with the verdicts and points that it explains', async () => {
  const page = await readFile(new URL('../../docs/verdicts.md', import.meta.url), 'utf8');
  const report = reportOf(extendedEvidence(), {}, 'extended');
  const printed = terminalReport(report, { columns: 80, colour: 0 });
  const [, example = ''] = /^```\n( {2}PARTIAL[^`]+)```$/m.exec(page) ?? [];
  expect(printed).toContain(example);

  const row = report.rows.find(({ id }) => id === 'non-root-user');
  expect(row?.points).toEqual({ earned: 3, lost: 2, unassessed: 5, possible: 10 });
  const explained = [...page.matchAll(/^\| `(?<id>[\w-]+)` \| (?<kind>\w+) \| (?<verdict>[\w ]+) \|/gm)];
  expect(explained.map(({ groups }) => ({ ...groups, verdict: groups?.verdict?.replace(' ', '-') }))).toEqual(
    expect.arrayContaining((row?.criteria ?? []).map(({ id, kind, verdict }) => ({ id, kind, verdict }))),
  );
});
