import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { each, experimentsOn } from '../support.ts';

const criteria = ['repeated-call', 'keyed-by-arguments', 'errors-not-cached', 'coalesced'];

/** Many servers are launched: a machine that has other things to do takes minutes. */
const within = 240_000;

describe('what reaches the upstream', () => {
  it.each(inEachLanguage)(
    'shows the cache, and what is wrong with it, in %s',
    async (_, server) => {
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
        const history = await experimentsOn({ ...server, env, patienceMs: 15_000 }, 'caching');
        const judged = criteria.map((id) => judgeCriterion('response-caching', id, history));
        return [DEFECT, judged.map(({ verdict }) => verdict).join(' ')];
      });
      expect(Object.fromEntries(seen)).toEqual(expected);
    },
    within,
  );
});
