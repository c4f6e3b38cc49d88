import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { each, experimentsOn } from '../support.ts';

const criteria = ['fails-cleanly', 'bounded-retries', 'recovers'];

/** Many servers are launched: a machine that has other things to do takes minutes. */
const within = 240_000;

describe('an upstream that fails', () => {
  it.each(inEachLanguage)(
    'is told of in %s, or it is seen that it is not',
    async (language, server) => {
      const expected: Record<string, string> = {
        '': 'pass pass pass',
        'error-as-answer': 'fail pass pass',
        'retries-at-once': 'pass fail pass',
        ...(language === 'Node' && { 'dies-of-reset': 'fail pass fail' }),
      };
      const seen = await each(Object.keys(expected), async (DEFECT) => {
        const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '6000' };
        const history = await experimentsOn({ ...server, env, patienceMs: 15_000 }, 'failing-upstream');
        const judged = criteria.map((id) => judgeCriterion('upstream-timeouts', id, history));
        return [DEFECT, judged.map(({ verdict }) => verdict).join(' ')];
      });
      expect(Object.fromEntries(seen)).toEqual(expected);
    },
    within,
  );
});
