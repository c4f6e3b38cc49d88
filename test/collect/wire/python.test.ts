import { afterEach, describe, expect, it } from 'vitest';
import { collectWire } from '../../../src/collect/wire/collect.ts';
import { type PythonServer, startPythonServer } from '../../servers/python/start.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import { collect } from './support.ts';

const started: PythonServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

/** What an audit sees of the Python server with these switches. */
async function seen(switches: Record<string, string> = {}) {
  const token = 'tok-python-91c2';
  const server = await startPythonServer({ TOKEN: token, ...switches });
  started.push(server);
  return collectWire({
    url: server.url,
    token,
    headers: [],
    endpoints: {},
    tool: { name: 'get_weather', arguments: { city: 'London' } },
    burst: false,
    timeoutMs: 5_000,
    budgetMs: 30_000,
    clientVersion: '1.0.0',
    signal: new AbortController().signal,
  });
}

describe('a server in Python', () => {
  it('passes where it is good', async () => {
    const wire = await seen();
    const verdicts = [
      ['endpoint-authentication', 'anonymous-refused'],
      ['endpoint-authentication', 'wrong-credential-refused'],
      ['endpoint-authentication', 'challenge'],
      ['protocol-revisions', 'older-clients'],
      ['protocol-revisions', 'current-clients'],
      ['protocol-revisions', 'current-revision'],
      ['transport-security', 'foreign-origin-refused'],
      ['transport-security', 'foreign-host-refused'],
      ['health-endpoint', 'open-path'],
      ['health-endpoint', 'json'],
      ['input-validation', 'malformed-json'],
      ['input-validation', 'oversized-body'],
      ['input-validation', 'unknown-method'],
      ['input-validation', 'unsupported-version'],
      ['input-validation', 'leaks-nothing'],
      ['input-validation', 'bad-arguments'],
      ['response-caching', 'list-hints'],
    ].map(([row = '', criterion = '']) => [criterion, judgeCriterion(row, criterion, { wire }).verdict]);
    expect(verdicts.filter(([, verdict]) => verdict !== 'pass')).toEqual([]);
  });

  it.each([
    ['a traceback as a tool error', { BAD_ARGUMENTS: 'traceback' }, 'input-validation', 'bad-arguments'],
    ['the same, as any error', { BAD_ARGUMENTS: 'traceback' }, 'input-validation', 'leaks-nothing'],
    ['the page of debug=True', { DEBUG: '1' }, 'input-validation', 'leaks-nothing'],
    ['an exception for broken JSON', { DEBUG: '1' }, 'input-validation', 'malformed-json'],
    ['health as plain text', { HEALTH: 'text' }, 'health-endpoint', 'json'],
    ['no health', { HEALTH: 'missing' }, 'health-endpoint', 'open-path'],
    ['the same text at any path', { HEALTH: 'any' }, 'health-endpoint', 'open-path'],
    ['a foreign Host', { CHECKS: 'origin' }, 'transport-security', 'foreign-host-refused'],
    ['a foreign Origin', { CHECKS: 'host' }, 'transport-security', 'foreign-origin-refused'],
    ['a body of any size', { BODY_LIMIT: 'none' }, 'input-validation', 'oversized-body'],
    ['one era', { ERA: 'legacy' }, 'protocol-revisions', 'current-revision'],
    [
      'HTTP 500 for a new method',
      { ERA: 'legacy', DISCOVER: 'error' },
      'protocol-revisions',
      'current-clients',
    ],
    [
      'silence for a new method',
      { ERA: 'legacy', DISCOVER: 'silence' },
      'protocol-revisions',
      'current-clients',
    ],
    ['no caching hints', { HINTS: 'missing' }, 'response-caching', 'list-hints'],
    ['no authentication', { TOKEN: '' }, 'endpoint-authentication', 'anonymous-refused'],
  ])('fails for %s', async (_, switches, row, criterion) => {
    const wire = await seen(switches as Record<string, string>);
    const { verdict, sources } = judgeCriterion(row, criterion, { wire });
    expect(verdict).toBe('fail');
    expect(sources).not.toEqual([]);
  });

  it('may limit bodies to 12 MB', async () => {
    const wire = await seen({ BODY_LIMIT: '12000000' });
    expect(judgeCriterion('input-validation', 'oversized-body', { wire })).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(/^A body of 64 MiB: POST \/mcp → /),
    });
  });

  it('may leave the fallback to the current client', async () => {
    const wire = await seen({ ERA: 'legacy' });
    expect(judgeRow('protocol-revisions', { wire }).verdict).toBe('partial');
    expect(judgeCriterion('protocol-revisions', 'current-clients', { wire })).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(/SDK v2.* connected with 2025-11-25\.$/),
    });
  });

  it('loses an extra for a foreign Host and for health as text, not the row', async () => {
    const wire = await seen({ CHECKS: 'origin', HEALTH: 'text', HEALTH_PATH: '/ping' });
    expect(judgeRow('transport-security', { wire }).verdict).toBe('partial');
    expect(judgeRow('health-endpoint', { wire }).verdict).toBe('partial');
    expect(judgeCriterion('health-endpoint', 'open-path', { wire }).finding).toMatch(/^GET \/ping → 200 /);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'that does it well',
      { LIMIT: '60', WINDOW: '60' },
      {
        'rate-limiting/limited': 'pass',
        'rate-limiting/retry-after': 'pass',
        'rate-limiting/counts-calls': 'pass',
        'metrics/exposed': 'pass',
      },
    ],
    [
      'without a limit, and with a page for metrics',
      { METRICS: 'page' },
      { 'rate-limiting/limited': 'fail', 'metrics/exposed': 'inconclusive' },
    ],
    [
      'with a limit of failures only',
      { LIMIT: '60', LIMIT_BY: 'failures' },
      { 'rate-limiting/limited': 'fail', 'rate-limiting/per-client': 'inconclusive' },
    ],
    [
      'with a limit of failures only, which the audit met before',
      { LIMIT: '5', LIMIT_BY: 'failures' },
      { 'rate-limiting/limited': 'inconclusive', 'rate-limiting/per-client': 'inconclusive' },
    ],
    [
      'with one limit for all',
      { LIMIT: '60', LIMIT_BY: 'everybody' },
      { 'rate-limiting/limited': 'pass', 'rate-limiting/per-client': 'fail' },
    ],
    [
      'that counts an array as one',
      { LIMIT: '60', ARRAYS: 'one' },
      { 'rate-limiting/limited': 'pass', 'rate-limiting/counts-calls': 'fail' },
    ],
    ['without Retry-After', { LIMIT: '60', RETRY_AFTER: 'missing' }, { 'rate-limiting/retry-after': 'fail' }],
  ])('is pressed: one %s', async (_, switches, expected) => {
    const server = await startPythonServer(switches);
    started.push(server);
    const wire = await collect(
      { ...server, requests: [], sockets: new Set(), idle: async () => {} },
      { burst: true, anonymous: true },
    );
    const verdicts = Object.keys(expected).map((name) => {
      const [row = '', criterion = ''] = name.split('/');
      return [name, judgeCriterion(row, criterion, { wire }).verdict];
    });
    expect(Object.fromEntries(verdicts)).toEqual(expected);
  });
});
