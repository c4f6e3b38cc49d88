import { describe, expect, it } from 'vitest';
import { badge } from '../../src/report/badge.ts';
import { mixedEvidence, reportOf } from '../support/reports.ts';
import { elementsOf, named } from '../support/xml.ts';

const mixed = reportOf(mixedEvidence());

describe('the badge', () => {
  it.each([
    [
      { ...mixed, score: 51, coverage: 63 },
      'Not ready for production: 51 of 100, with 63 % of the points assessed',
      'not ready, 51 with 63 % assessed',
    ],
    [{ ...mixed, ready: true, score: 97, coverage: 100 }, 'Ready for production: 97 of 100', 'ready, 97'],
    [
      { ...mixed, score: 80, coverage: 99, rows: mixed.rows.filter(({ verdict }) => verdict !== 'fail') },
      'Readiness for production unknown: 80 of 100, with 99 % of the points assessed',
      'readiness unknown, 80 with 99 % assessed',
    ],
    [reportOf({ notices: [] }), 'Could not be assessed: no score', 'not assessed'],
  ])('has the whole text as its title, and the coverage beside a score', (report, title, text) => {
    const elements = elementsOf(badge(report));
    expect(elements[0]).toMatchObject({
      name: 'svg',
      attributes: { role: 'img', 'aria-labelledby': 'title' },
    });
    expect(named(elements, 'title').map((element) => element.text)).toEqual([title]);
    expect(named(elements, 'text').map((element) => element.text)).toEqual(['MCP production', text]);
  });
});
