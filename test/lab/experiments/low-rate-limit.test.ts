import { describe, expect, it } from 'vitest';
import { judgeRow } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const row = 'rate-limiting';
const twoKeys = { MCP_API_KEY: '${MCP_API_KEY},${SECOND_CLIENT}' };

/** The requests before the burst exceed these limits. */
describe.each(inEachLanguage)('a low rate limit of a server in %s', (_language, server) => {
  const verdictsOf = async (env: Record<string, string>, limitsEnv: Record<string, string>) => {
    const { criteria } = judgeRow(row, await experimentsOn({ ...server, env, limitsEnv }, 'rate-limit'));
    return Object.fromEntries(criteria.map(({ id, verdict }) => [id, verdict]));
  };
  const good = {
    limited: 'pass',
    'retry-after': 'pass',
    'per-client': 'pass',
    unforgeable: 'pass',
    'counts-calls': 'pass',
    recovers: 'pass',
  };

  it.each(['1', '2', '3'])('of %s is judged in every criterion', async (limit) => {
    expect(await verdictsOf({}, { ...twoKeys, RATE_LIMIT: limit })).toEqual(good);
    expect(await verdictsOf({ MCP_AUTH: 'none' }, { RATE_LIMIT: limit })).toEqual(good);
  });

  it.each([
    ['1', 'one-bucket', 'per-client'],
    ['2', 'arrays-as-one', 'counts-calls'],
    ['3', 'arrays-as-one', 'counts-calls'],
    ['3', 'trusts-forwarded-for', 'unforgeable'],
  ])('of %s with %s fails', async (RATE_LIMIT, DEFECT, criterion) => {
    const verdicts = await verdictsOf({ MCP_AUTH: 'none', DEFECT }, { RATE_LIMIT });
    expect(Object.keys(verdicts).filter((id) => verdicts[id] === 'fail')).toEqual([criterion]);
  });

  it('that never ends is unknown, and so is one of failures that the audit met', async () => {
    for (const DEFECT of ['lies-in-retry-after', 'limits-failures-only']) {
      const verdicts = await verdictsOf({ MCP_AUTH: 'none', DEFECT }, { RATE_LIMIT: '1' });
      expect([DEFECT, verdicts.limited, verdicts['per-client']]).toEqual([
        DEFECT,
        'inconclusive',
        'inconclusive',
      ]);
    }
  });

  it('for all keys together fails', async () => {
    for (const RATE_LIMIT of ['1', '3']) {
      const verdicts = await verdictsOf({ DEFECT: 'one-bucket' }, { ...twoKeys, RATE_LIMIT });
      expect(verdicts['per-client']).toBe('fail');
    }
  });
});
