import { describe, expect, it } from 'vitest';
import type { SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const used = (role: 'measures' | 'exposes') => ({
  library: 'prom-client',
  role,
  at: at('src/metrics.ts', 3),
});
const judge = (metrics: SourceFacts['metrics'], mcp = true) =>
  judgeCriterion('metrics', 'exposed', {
    project: project({
      source: source({
        mcpImports: mcp ? [{ library: 'fastmcp', at: at('src/server.ts') }] : [],
        packages: [''],
        metrics,
      }),
    }),
  }).verdict;

describe('metrics in files', () => {
  it('pass when something measures and something shows it', () => {
    expect(judge([used('measures'), used('exposes')])).toBe('pass');
  });

  it('claim nothing otherwise', () => {
    expect(judge([used('measures')])).toBe('inconclusive');
    expect(judge([])).toBe('inconclusive');
    expect(judge([used('measures'), used('exposes')], false)).toBe('inconclusive');
  });
});
