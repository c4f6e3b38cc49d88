import { describe, expect, it } from 'vitest';
import { answer, recordWire } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

describe('response-caching: what results say of themselves', () => {
  const judge = (ttlMs: number | null, cacheScope: string | null) => {
    const { wire, exchange } = recordWire();
    wire.cacheHints.push({ method: 'tools/list', ttlMs, cacheScope, exchange: exchange(answer(200)) });
    return judgeCriterion('response-caching', 'list-hints', { wire });
  };

  it.each([
    [60_000, 'public', 'pass'],
    [0, 'private', 'pass'],
    [null, 'private', 'fail'],
    [0, null, 'fail'],
    [-1, 'private', 'fail'],
    [1.5, 'private', 'fail'],
    [0, 'shared', 'fail'],
  ] as const)('ttlMs %s, cacheScope %s: %s', (ttlMs, cacheScope, verdict) => {
    expect(judge(ttlMs, cacheScope).verdict).toBe(verdict);
  });

  it('names the result that it read', () => {
    expect(judge(null, 'private')).toMatchObject({
      finding: expect.stringContaining('tools/list says ttlMs nothing and cacheScope private'),
      sources: [{ id: 'x1' }],
    });
  });

  it('has nothing to judge where only earlier revisions are served, and no verdict where nothing was seen', () => {
    const { wire, connect } = recordWire();
    expect(judgeCriterion('response-caching', 'list-hints', { wire }).verdict).toBe('inconclusive');
    connect({ revision: '2025-11-25' }, { era: 'legacy', client: 'sdk-v1' });
    expect(judgeCriterion('response-caching', 'list-hints', { wire }).verdict).toBe('not-applicable');
  });
});
