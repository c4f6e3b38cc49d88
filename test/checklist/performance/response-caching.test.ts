import { describe, expect, it } from 'vitest';
import { answer, at, project, recordWire, source } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const mcpImports = [{ library: 'fastmcp', at: at('server.py', 1) }];
const withCaches = (caches: { library: string; at: ReturnType<typeof at> }[]) => ({
  project: project({ source: source({ mcpImports, packages: [''], caches }) }),
});

it('response-caching names a cache in the source and claims nothing from it', () => {
  const evidence = withCaches([{ library: 'cachetools', at: at('server.py', 9) }]);
  expect(judgeCriterion('response-caching', 'repeated-call', evidence)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(/^The source makes cachetools \(server\.py:9\)\. Only an experiment/),
  });
  expect(judgeRow('response-caching', withCaches([])).verdict).toBe('unknown');
});

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
