import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const criteria = ['repeated-call', 'keyed-by-arguments', 'errors-not-cached', 'coalesced'];

describe.concurrent.each(inEachLanguage)('what reaches the upstream in %s', (_language, server) => {
  it.each([
    ['', 'pass pass pass pass'],
    ['no-cache', 'fail pass pass pass'],
    // What one call alone takes cannot be seen.
    ['cache-ignores-arguments', 'pass fail pass inconclusive'],
    ['cache-keeps-errors', 'pass pass fail pass'],
    ['no-coalescing', 'pass pass pass fail'],
  ])('with %j: the cache, and what is wrong with it', async (DEFECT, expected) => {
    const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '6000' };
    const seen = await experimentsOn({ ...server, env, patienceMs: 8_000 }, 'caching');
    const judged = criteria.map((id) => judgeCriterion('response-caching', id, seen));
    expect(judged.map(({ verdict }) => verdict).join(' ')).toBe(expected);
  });
});
