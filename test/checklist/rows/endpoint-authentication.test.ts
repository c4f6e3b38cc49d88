import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/evidence/exchange.ts';
import { answer, failure, recordWire } from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'endpoint-authentication';
const challenge = answer(401, '', { 'www-authenticate': 'Bearer' });

describe('endpoint-authentication', () => {
  it('passes when every endpoint challenges strangers and serves the right credential', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: challenge, wrong: challenge });
    endpoint({ given: answer(200), none: challenge, wrong: challenge }, '/sse');
    expect(judgeRow(row, { wire })).toMatchObject({
      verdict: 'pass',
      proof: 'observed',
      points: { earned: 5 },
    });
  });

  it('fails when one endpoint of several serves strangers', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: challenge, wrong: challenge });
    endpoint({ given: answer(200), none: answer(200), wrong: answer(200) }, '/sse');
    expect(judgeCriterion(row, 'anonymous-refused', { wire })).toMatchObject({
      verdict: 'fail',
      finding: 'The server served tools/list without credentials: POST /sse → 200 in 4 ms.',
    });
  });

  it('compares like with like: each era of an operation by itself', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: challenge, wrong: challenge });
    endpoint({ given: answer(200), none: answer(503), wrong: challenge });
    const [modern, legacy] = wire.endpoints;
    for (const probe of legacy?.access ?? []) modern?.access.push({ ...probe, era: 'legacy' });
    wire.endpoints.splice(1);
    expect(judgeCriterion(row, 'anonymous-refused', { wire }).verdict).toBe('inconclusive');
  });

  it('fails on an open server, with or without a credential in hand', () => {
    const { wire, endpoint } = recordWire({ credentialGiven: false });
    endpoint({ none: answer(200), wrong: answer(200) });
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('fails when any bearer token will do', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: challenge, wrong: answer(200) });
    expect(judgeCriterion(row, 'wrong-credential-refused', { wire }).verdict).toBe('fail');
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it.each([
    ['turns everybody away', { given: answer(403), none: answer(403), wrong: answer(403) }],
    ['was never opened, for want of a credential', { none: challenge, wrong: challenge }],
    ['answers strangers with an overload', { given: answer(200), none: answer(503), wrong: answer(503) }],
    ['leaves strangers hanging', { given: answer(200), none: failure('timeout'), wrong: failure('timeout') }],
    ['asks to slow down', { given: answer(200), none: answer(429), wrong: answer(429) }],
  ])('does not judge a server that %s', (_, access) => {
    const { wire, endpoint } = recordWire();
    endpoint(access);
    expect(judgeRow(row, { wire }).verdict).toBe('unknown');
  });

  it('costs points when a refusal lacks a challenge', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: answer(401), wrong: answer(403) });
    expect(judgeRow(row, { wire })).toMatchObject({ verdict: 'partial', points: { earned: 3 } });
  });

  it('wants the metadata that a challenge names', () => {
    const oauth = answer(401, '', {
      'www-authenticate':
        'Bearer resource_metadata="http://127.0.0.1:3000/.well-known/oauth-protected-resource"',
    });
    const judge = (document: ReturnType<typeof answer> | ReturnType<typeof failure>) => {
      const { wire, endpoint, exchange } = recordWire();
      endpoint({ given: answer(200), none: oauth, wrong: oauth });
      const path = '/.well-known/oauth-protected-resource';
      const [first] = wire.endpoints;
      if (first)
        first.resourceMetadata = {
          url: path,
          exchange: exchange(document, { method: 'GET', path }),
          authorizationServers: [],
        };
      return judgeCriterion(row, 'resource-metadata', { wire }).verdict;
    };
    const good = { resource: 'https://x.example/mcp', authorization_servers: ['https://as.example'] };
    expect(judge(answer(200, JSON.stringify(good)))).toBe('pass');
    expect(judge(answer(200, '{}'))).toBe('fail');
    expect(judge(answer(404))).toBe('fail');
    for (const unseen of [failure('blocked'), failure('timeout'), answer(429), answer(502)]) {
      expect(judge(unseen)).toBe('inconclusive');
    }
  });

  it('wants authorization servers that clients can find', () => {
    const judge = (
      issuer: string,
      document: ReturnType<typeof answer> | ReturnType<typeof failure> | null,
    ) => {
      const { wire, exchange } = recordWire();
      wire.authorizationServers.push({
        issuer,
        exchange: document && exchange(document, { method: 'GET', credential: 'none' }),
        ...(document === null && { reason: 'as.example is at 10.0.0.1, which is not a public address.' }),
      });
      return judgeCriterion(row, 'authorization-server-metadata', { wire }).verdict;
    };
    const issuer = 'https://as.example';
    expect(judge(issuer, answer(200, JSON.stringify({ issuer })))).toBe('pass');
    expect(judge(issuer, answer(200, JSON.stringify({ issuer: `${issuer}/` })))).toBe('pass');
    expect(judge(issuer, answer(200, '{"issuer":"https://evil.example"}'))).toBe('fail');
    expect(judge(issuer, answer(200, '<html>'))).toBe('fail');
    expect(judge(issuer, answer(404))).toBe('fail');
    expect(judge('file:///etc/passwd', null)).toBe('fail');
    for (const unseen of [null, failure('timeout'), answer(403), answer(503)]) {
      expect(judge(issuer, unseen)).toBe('inconclusive');
    }
    const { wire } = recordWire();
    expect(judgeCriterion(row, 'authorization-server-metadata', { wire }).verdict).toBe('not-applicable');
  });

  it('quotes a JSON-RPC error that came where a status was due', () => {
    const { wire, endpoint } = recordWire();
    endpoint({ given: answer(200), none: answer(200), wrong: challenge });
    const probe = wire.endpoints[0]?.access.find(({ credential }) => credential === 'none');
    if (probe) probe.reply = { kind: 'error', code: -32001, message: 'Unauthorized' };
    expect(judgeCriterion(row, 'anonymous-refused', { wire })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('→ 200 in 4 ms with JSON-RPC error -32001 (Unauthorized)'),
    });
  });

  it('fails no server for a request that was not sent', () => {
    const { wire } = recordWire({ omitted: [{ probe: 'access', reason: 'The server answered 429.' }] });
    for (const criterion of ['anonymous-refused', 'wrong-credential-refused', 'right-credential-accepted']) {
      expect(judgeCriterion(row, criterion, { wire }).reason).toBe(
        'The audit skipped this request. The server answered 429.',
      );
    }
  });
});

describe('endpoint-authentication: tokens derived from the right one', () => {
  const derivedFrom = (outcomes: { beginning?: Answer; more?: Answer }, of = 16) => {
    const { wire, endpoint, exchange } = recordWire();
    endpoint({ given: answer(200), none: challenge, wrong: challenge });
    const [first] = wire.endpoints;
    if (first === undefined) throw new Error('There is no endpoint.');
    first.derivedDue = true;
    for (const [outcome, characters] of [
      [outcomes.beginning, Math.floor(of * 0.75)],
      [outcomes.more, of + 8],
    ] as const) {
      if (outcome === undefined) continue;
      first.access.push({
        operation: 'list-tools',
        credential: 'wrong',
        derived: { characters, of },
        exchange: exchange(outcome, { credential: 'wrong' }),
        reply: outcome.status === 200 ? { kind: 'result' } : { kind: 'other' },
      });
    }
    return judgeCriterion(row, 'wrong-credential-refused', { wire });
  };

  it('fail where they are served, and say which', () => {
    expect(derivedFrom({ beginning: answer(200), more: challenge })).toMatchObject({
      verdict: 'fail',
      finding:
        'With the first 12 of 16 characters of the right token, POST /mcp → 200 in 4 ms. The server served the request.',
    });
    expect(derivedFrom({ beginning: challenge, more: answer(200) })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(/^With 8 characters after the right token, POST \/mcp → 200 /),
    });
  });

  it('pass where both are refused, or where the right one is too short to cut', () => {
    expect(derivedFrom({ beginning: challenge, more: challenge }).verdict).toBe('pass');
    expect(derivedFrom({ more: challenge }, 5)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(/ The right token is too short to try its beginning\.$/),
    });
  });

  it('are unknown where they were not tried, or were neither served nor refused', () => {
    expect(derivedFrom({}).verdict).toBe('inconclusive');
    expect(derivedFrom({ more: challenge }).verdict).toBe('inconclusive');
    expect(derivedFrom({ beginning: challenge }).verdict).toBe('inconclusive');
    for (const status of [400, 429, 500]) {
      expect(derivedFrom({ beginning: answer(status), more: challenge }).verdict).toBe('inconclusive');
    }
  });
});
