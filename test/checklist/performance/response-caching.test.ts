import { expect, it } from 'vitest';
import { at, project, source } from '../../support/evidence.ts';
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
