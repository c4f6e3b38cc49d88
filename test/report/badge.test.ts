import { describe, expect, it } from 'vitest';
import { badge } from '../../src/report/badge.ts';
import { mixedEvidence, reportOf } from '../support/reports.ts';
import { elementsOf, named } from '../support/xml.ts';

const mixed = reportOf(mixedEvidence());
const full = { assessed: 10, total: 10 };

describe('the badge', () => {
  it.each([
    [
      { ...mixed, score: 51, coverage: { assessed: 5, total: 10 } },
      'Not ready for production: 51 of 100, on 5 of 10 rows',
      'not ready, 51 on 5/10 rows',
    ],
    [
      { ...mixed, ready: true, score: 97, coverage: full },
      'Ready for production: 97 of 100, on 10 of 10 rows',
      'ready, 97 on 10/10 rows',
    ],
    [
      { ...mixed, score: 80, rows: mixed.rows.filter(({ verdict }) => verdict !== 'fail') },
      'Readiness for production unknown: 80 of 100, on 5 of 10 rows',
      'readiness unknown, 80 on 5/10 rows',
    ],
    [reportOf({ notices: [] }), 'Could not be assessed: no score, 0 of 10 rows assessed', 'not assessed'],
  ])('has the whole text as its title, and the rows beside a score', (report, title, text) => {
    const elements = elementsOf(badge(report));
    expect(elements[0]).toMatchObject({
      name: 'svg',
      attributes: { role: 'img', 'aria-labelledby': 'title' },
    });
    expect(named(elements, 'title').map((element) => element.text)).toEqual([title]);
    expect(named(elements, 'text').map((element) => element.text)).toEqual(['MCP production', text]);
  });
});
