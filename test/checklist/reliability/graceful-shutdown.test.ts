import { describe, expect, it } from 'vitest';
import type { SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const sdk = { library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) };
const listening = (library: string) => [{ library, at: at('src/server.ts', 40) }];
const handler = (exitsAtOnce: boolean, signal = 'SIGTERM', file = 'src/server.ts') => ({
  signal,
  exitsAtOnce,
  at: at(file, 50),
});
const judge = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('graceful-shutdown', criterion, {
    project: project({ source: source({ mcpImports: [sdk], packages: [''], ...differs }) }),
  }).verdict;

describe('graceful-shutdown', () => {
  it('fails when nothing handles SIGTERM and Node dies of it', () => {
    expect(judge('exits-cleanly', { listeners: listening('express') })).toBe('fail');
    expect(
      judge('exits-cleanly', { listeners: listening('express'), signalHandlers: [handler(false, 'SIGINT')] }),
    ).toBe('fail');
  });

  it.each<[string, Partial<SourceFacts>]>([
    ['a handler', { listeners: listening('express'), signalHandlers: [handler(false)] }],
    [
      'a handler in a package beside it',
      { listeners: listening('express'), signalHandlers: [handler(false, 'SIGTERM', 'x/a.ts')] },
    ],
    [
      'a handler of unknown signals',
      { listeners: listening('express'), signalHandlers: [handler(false, 'unknown')] },
    ],
    ['uvicorn, which handles it', { listeners: listening('uvicorn') }],
    [
      'a framework that may handle it',
      { listeners: listening('express'), mcpImports: [sdk, { ...sdk, library: 'fastmcp' }] },
    ],
    ['files that could not be read', { listeners: listening('express'), unparsed: 1 }],
    ['no server that listens', {}],
    ['no source', { mcpImports: [], listeners: listening('express') }],
  ])('claims nothing of the exit with %s', (_, differs) => {
    expect(judge('exits-cleanly', differs)).toBe('inconclusive');
  });

  it('fails when all that is done about it is to leave', () => {
    const listeners = listening('express');
    expect(judge('call-finishes', { listeners, signalHandlers: [handler(true)] })).toBe('fail');
    expect(judge('call-finishes', { listeners, signalHandlers: [handler(false)] })).toBe('inconclusive');
    expect(judge('call-finishes', { listeners, signalHandlers: [handler(true, 'SIGINT')] })).toBe(
      'inconclusive',
    );
    expect(judge('call-finishes', { signalHandlers: [handler(true)] })).toBe('inconclusive');
    expect(judge('call-finishes', { mcpImports: [] })).toBe('inconclusive');
  });
});
