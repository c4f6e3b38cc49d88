import { describe, expect, it } from 'vitest';
import type { SourceFacts } from '../../../src/evidence/source.ts';
import { at, known, notKnown, project, service, source, workload } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const sdk = { library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) };
const listening = (library: string) => [{ library, at: at('src/server.ts', 40) }];
const handler = (exitsAtOnce: boolean, signal = 'SIGTERM', file = 'src/server.ts') => ({
  signal,
  exitsAtOnce,
  at: at(file, 50),
});
const judgeSource = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('graceful-shutdown', criterion, {
    project: project({ source: source({ mcpImports: [sdk], packages: [''], ...differs }) }),
  }).verdict;

describe('graceful-shutdown in the source', () => {
  it('fails without a SIGTERM handler in Node', () => {
    expect(judgeSource('exits-cleanly', { listeners: listening('express') })).toBe('fail');
    expect(
      judgeSource('exits-cleanly', {
        listeners: listening('express'),
        signalHandlers: [handler(false, 'SIGINT')],
      }),
    ).toBe('fail');
  });

  it.each<[string, Partial<SourceFacts>]>([
    ['a handler', { listeners: listening('express'), signalHandlers: [handler(false)] }],
    [
      'a handler in another package',
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
  ])('does not judge the exit with %s', (_, differs) => {
    expect(judgeSource('exits-cleanly', differs)).toBe('inconclusive');
  });

  it('fails when the handler only exits', () => {
    const listeners = listening('express');
    expect(judgeSource('call-finishes', { listeners, signalHandlers: [handler(true)] })).toBe('fail');
    expect(judgeSource('call-finishes', { listeners, signalHandlers: [handler(false)] })).toBe(
      'inconclusive',
    );
    expect(judgeSource('call-finishes', { listeners, signalHandlers: [handler(true, 'SIGINT')] })).toBe(
      'inconclusive',
    );
    expect(judgeSource('call-finishes', { signalHandlers: [handler(true)] })).toBe('inconclusive');
    expect(judgeSource('call-finishes', { mcpImports: [] })).toBe('inconclusive');
  });
});

const judge = (files: Parameters<typeof project>[0]) =>
  judgeCriterion('graceful-shutdown', 'time-to-stop', { project: project(files) }).verdict;

describe('graceful-shutdown: time-to-stop', () => {
  it.each([
    ['the compose default of 10 s', {}, 'pass'],
    ['a longer time', { stopSeconds: known('30') }, 'pass'],
    ['no time', { stopSeconds: known('0') }, 'fail'],
    ['a time that only compose knows', { stopSeconds: notKnown('${T}', 'T is not set') }, 'inconclusive'],
    [
      'a signal that no process can handle',
      { stopSeconds: known('30'), stopSignal: known('SIGKILL') },
      'fail',
    ],
    ['another signal', { stopSignal: known('SIGINT') }, 'pass'],
  ])('a service with %s: %s', (_, differs, verdict) => {
    expect(judge({ services: [service(differs)] })).toBe(verdict);
  });

  it.each([
    ['kubernetes', undefined, 'pass'],
    ['kubernetes', '1', 'fail'],
    ['systemd', undefined, 'pass'],
    ['systemd', 'infinity', 'pass'],
    ['systemd', '2', 'fail'],
    ['fly', undefined, 'pass'],
    ['render', undefined, 'pass'],
    ['procfile', undefined, 'pass'],
    ['ecs', '2', 'fail'],
    ['pm2', undefined, 'fail'],
    ['pm2', '10', 'pass'],
  ] as const)('on %s with %s seconds: %s', (platform, seconds, verdict) => {
    const differs = seconds === undefined ? {} : { stopSeconds: known(seconds) };
    expect(judge({ workloads: [workload({ platform, ...differs })] })).toBe(verdict);
  });

  it('does not judge a project without a deployment', () => expect(judge({})).toBe('inconclusive'));
});
