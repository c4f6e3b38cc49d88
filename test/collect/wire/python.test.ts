import { afterEach, describe, expect, it } from 'vitest';
import { collectWire } from '../../../src/collect/wire/collect.ts';
import { type PythonServer, startPythonServer } from '../../servers/python/start.ts';
import { judgeCriterion } from '../../support/rows.ts';
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
      ['health-endpoint', 'json'],
      ['input-validation', 'malformed-json'],
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
    ['no caching hints', { HINTS: 'missing' }, 'response-caching', 'list-hints'],
    ['no authentication', { TOKEN: '' }, 'endpoint-authentication', 'anonymous-refused'],
  ])('fails for %s', async (_, switches, row, criterion) => {
    const wire = await seen(switches as Record<string, string>);
    const { verdict, sources } = judgeCriterion(row, criterion, { wire });
    expect(verdict).toBe('fail');
    expect(sources).not.toEqual([]);
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
