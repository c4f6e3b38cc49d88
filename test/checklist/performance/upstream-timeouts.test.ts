import { describe, expect, it } from 'vitest';
import type { HttpCall, SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const server = { library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) };
const call = (limit: HttpCall['limit'], file = 'src/weather.ts', line = 7): HttpCall => ({
  library: 'axios',
  call: 'axios.get',
  limit,
  at: at(file, line),
});
const judge = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('upstream-timeouts', criterion, {
    project: project({ source: source({ mcpImports: [server], packages: [''], ...differs }) }),
  });
const headers = (...httpCalls: HttpCall[]) => judge('stalled-headers', { httpCalls });
const body = (...httpCalls: HttpCall[]) => judge('dripping-body', { httpCalls });

describe('upstream-timeouts', () => {
  it('fails for a call without a limit, by name and place', () => {
    expect(headers(call('wait'), call('none'))).toMatchObject({
      verdict: 'fail',
      proof: 'declared',
      finding: 'axios.get (src/weather.ts:7): the call is given no time limit.',
      sources: [at('src/weather.ts', 7)],
    });
    expect(body(call('none')).verdict).toBe('fail');
  });

  it('passes when every call has one that reaches as far as is asked', () => {
    expect(headers(call('wait'), call('whole')).verdict).toBe('pass');
    expect(body(call('whole')).verdict).toBe('pass');
  });

  it('claims nothing of a body behind a limit on the wait, nor of a limit that cannot be seen', () => {
    expect(body(call('wait')).verdict).toBe('inconclusive');
    expect(headers(call('unknown'), call('wait')).verdict).toBe('inconclusive');
    expect(headers().verdict).toBe('inconclusive');
  });

  it('accuses no call that something around it may bound', () => {
    const timeGuards = [{ call: 'withTimeout', at: at('src/tools.ts', 3) }];
    expect(judge('stalled-headers', { httpCalls: [call('none')], timeGuards })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('withTimeout (src/tools.ts:3)'),
    });
  });

  it.each([
    'test/weather.test.ts',
    'scripts/seed.ts',
    'src/ui/app.ts',
    'src/App.tsx',
    'examples/a.py',
    'vite.config.ts',
  ])('leaves out what is not the server: %s', (file) => {
    expect(headers(call('none', file)).verdict).toBe('inconclusive');
  });

  it('judges the packages that speak MCP, and none where nothing does', () => {
    const packages = ['', 'packages/api', 'packages/mcp-server'];
    const mcpImports = [{ library: 'fastmcp', at: at('packages/mcp-server/src/index.ts') }];
    const httpCalls = [call('none', 'packages/api/src/a.ts')];
    expect(judge('stalled-headers', { packages, mcpImports, httpCalls }).verdict).toBe('inconclusive');
    const own = [call('none', 'packages/mcp-server/src/a.ts')];
    expect(judge('stalled-headers', { packages, mcpImports, httpCalls: own }).verdict).toBe('fail');
    expect(judge('stalled-headers', { mcpImports: [], httpCalls: [call('none')] }).verdict).toBe(
      'inconclusive',
    );
    const client = [{ library: '@modelcontextprotocol/sdk/client/index.js', at: at('src/a.ts') }];
    expect(judge('stalled-headers', { mcpImports: client, httpCalls: [call('none')] }).verdict).toBe(
      'inconclusive',
    );
  });
});
