import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const criteria = [
  ['upstream-timeouts', 'fails-cleanly'],
  ['upstream-timeouts', 'bounded-retries'],
  ['upstream-timeouts', 'recovers'],
  ['input-validation', 'leaks-nothing'],
] as const;

describe.concurrent.each(inEachLanguage)('an upstream that fails, in %s', (language, server) => {
  const defects = [
    ['', 'pass pass pass pass'],
    ['error-as-answer', 'fail pass pass pass'],
    ['retries-at-once', 'pass fail pass pass'],
    ['stack-trace-in-tool-error', 'fail pass pass fail'],
    ...(language === 'Node' ? [['dies-of-reset', 'fail pass fail pass']] : []),
  ];
  it.each(defects)('with %j: the calls report it, or the row fails', async (DEFECT = '', expected) => {
    const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '6000' };
    const seen = await experimentsOn({ ...server, env, patienceMs: 15_000 }, 'failing-upstream');
    const judged = criteria.map(([row, id]) => judgeCriterion(row, id, seen));
    expect(judged.map(({ verdict }) => verdict).join(' ')).toBe(expected);
  });
});
