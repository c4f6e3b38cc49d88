import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { each, experimentsOn, ready, readyPlan } from '../support.ts';

const criteria = ['repeated-call', 'keyed-by-arguments', 'errors-not-cached', 'coalesced'];

describe('what reaches the upstream', () => {
  it.each(Object.entries(ready))('shows the cache, and what is wrong with it, in %s', async (_, server) => {
    const expected: Record<string, string> = {
      '': 'pass pass pass pass',
      'no-cache': 'fail pass pass pass',
      // What one call alone takes cannot be seen.
      'cache-ignores-arguments': 'pass fail pass inconclusive',
      'cache-keeps-errors': 'pass pass fail pass',
      'no-coalescing': 'pass pass pass fail',
      drips: 'pass pass pass pass',
    };
    const seen = await each(Object.keys(expected), async (DEFECT) => {
      const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '6000' };
      const history = await experimentsOn({ ...readyPlan(server), env, patienceMs: 5_000 }, 'caching');
      const judged = criteria.map((id) => judgeCriterion('response-caching', id, history));
      return [DEFECT, judged.map(({ verdict }) => verdict).join(' ')];
    });
    expect(Object.fromEntries(seen)).toEqual(expected);
  });
});
