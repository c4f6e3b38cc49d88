import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { each, experimentsOn, ready, readyPlan } from '../support.ts';

const criteria = ['fails-cleanly', 'bounded-retries', 'recovers'];

describe('an upstream that fails', () => {
  it.each(Object.entries(ready))('is told of in %s, or it is seen that it is not', async (_, server) => {
    const expected: Record<string, string> = {
      '': 'pass pass pass',
      'error-as-answer': 'fail pass pass',
      'retries-at-once': 'pass fail pass',
      ...(server.extension === '.mjs' && { 'dies-of-reset': 'fail pass fail' }),
    };
    const seen = await each(Object.keys(expected), async (DEFECT) => {
      const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '6000' };
      const history = await experimentsOn(
        { ...readyPlan(server), env, patienceMs: 8_000 },
        'failing-upstream',
      );
      const judged = criteria.map((id) => judgeCriterion('upstream-timeouts', id, history));
      return [DEFECT, judged.map(({ verdict }) => verdict).join(' ')];
    });
    expect(Object.fromEntries(seen)).toEqual(expected);
  });
});
