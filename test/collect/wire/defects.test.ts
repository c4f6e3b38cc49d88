import { expect, test } from 'vitest';
import { brokenServers } from '../../servers/broken.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import {
  accessLines,
  accessOf,
  answerOf,
  clientLines,
  collect,
  exchangeOf,
  healthAt,
  using,
} from './support.ts';

test('an open server lets everybody in', async () => {
  const evidence = await collect(await using(startDualEraServer({ open: true })));
  for (const credential of ['none', 'wrong'] as const) {
    expect(accessLines(evidence, credential)).toEqual(accessLines(evidence, 'given'));
  }
});

test('a forgotten GET, and a guard of initialize only, show where they are', async () => {
  const get = await collect(await using(startDualEraServer({ openStream: true })));
  expect(accessLines(get, 'none').at(-1)).toBe('open-stream 405 error');
  expect(accessLines(get, 'none').slice(0, -1)).toEqual(
    accessLines(get, 'wrong')
      .slice(0, -1)
      .map((line) => line.replace(/\d+/, '401')),
  );

  const rest = await collect(await using(startDualEraServer({ openAfterInitialize: true })));
  expect(accessLines(rest, 'none')).toEqual([
    'initialize/legacy 401 other',
    'discover/modern 401 other',
    'list-tools/legacy 200 result',
    'list-tools/modern 200 result',
    'open-stream 405 error',
  ]);
});

test('a server that takes any token is told from one that takes the right one', async () => {
  const evidence = await collect(await using(startDualEraServer({ anyToken: true })), { anonymous: true });
  expect(accessLines(evidence, 'none')[0]).toBe('initialize/legacy 401 other');
  expect(accessLines(evidence, 'wrong')[0]).toBe('initialize/legacy 200 result');
});

test('an event stream that never opens is left out by name, for it may be one that a proxy holds back', async () => {
  const server = await using(startDualEraServer({ sse: 'silent' }));
  const evidence = await collect(server, { timeoutMs: 500 });
  expect(evidence.omitted).toEqual([
    {
      probe: 'endpoint at /sse',
      reason: expect.stringContaining('Whether the server serves MCP there is unknown.'),
    },
  ]);
});

test('an HTTP+SSE endpoint beside the guarded one is found, guarded or forgotten', async () => {
  for (const [sse, status, reply] of [
    ['forgotten', 200, 'stream'],
    ['guarded', 401, 'other'],
  ] as const) {
    const evidence = await collect(await using(startDualEraServer({ sse })));
    expect(clientLines(evidence).at(-1)).toBe('sdk-v1 sse legacy: 2025-11-25');
    const tried = accessOf(evidence).filter(({ path }) => path === '/sse');
    expect(tried).toContainEqual({
      path: '/sse',
      operation: 'open-stream',
      credential: 'none',
      status,
      reply,
    });
    expect(tried).toContainEqual({
      path: '/sse',
      operation: 'post-message',
      credential: 'none',
      status: sse === 'forgotten' ? 202 : 401,
      reply: sse === 'forgotten' ? 'accepted' : 'other',
    });
  }
});

test('challenges are recorded as they come', async () => {
  const missing = await collect(await using(startDualEraServer({ noChallenge: true })));
  const refusal = missing.endpoints[0]?.access.find(({ credential }) => credential === 'none');
  expect(answerOf(missing, refusal?.exchange).headers).not.toHaveProperty('www-authenticate');

  const always = await collect(await using(startDualEraServer({ challengeOnSuccess: true, open: true })));
  expect(answerOf(always, 'x1')).toMatchObject({ status: 200, headers: { 'www-authenticate': 'Bearer' } });
});

test('metadata that a challenge names is fetched without credentials', async () => {
  const server = await using(startDualEraServer({ resourceMetadata: true }));
  const evidence = await collect(server);
  const metadata = evidence.endpoints[0]?.resourceMetadata;
  expect(metadata?.url).toBe(new URL('/.well-known/oauth-protected-resource/mcp', server.url).href);
  expect(answerOf(evidence, metadata?.exchange).body).toContain('authorization_servers');
  const fetched = server.requests.filter(({ path }) => path.startsWith('/.well-known/'));
  expect(fetched.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

test('a Host check that refuses every name leaves an endpoint with nothing behind it', async () => {
  const evidence = await collect(await using(startDualEraServer({ refuseEveryHost: true })));
  expect(clientLines(evidence)[0]).toBe('sdk-v2 streamable-http modern: http 403');
  expect(new Set(accessOf(evidence).map(({ status }) => status))).toEqual(new Set([403]));
});

test('missing Origin and Host checks are seen one by one', async () => {
  const status = async (defects: Parameters<typeof startDualEraServer>[0]) => {
    const evidence = await collect(await using(startDualEraServer(defects)));
    return evidence.rebinding.map(({ exchange, reply }) => [answerOf(evidence, exchange).status, reply.kind]);
  };
  expect(await status({ noOriginCheck: true })).toEqual([
    [200, 'result'],
    [403, 'error'],
  ]);
  expect(await status({ noHostCheck: true })).toEqual([
    [403, 'error'],
    [200, 'result'],
  ]);
});

test('each transport is asked with a foreign Origin and Host', async () => {
  const evidence = await collect(await using(startDualEraServer({ sse: 'guarded', noOriginCheck: true })));
  const asked = evidence.rebinding.map(({ header, exchange, reply }) => {
    const { method, url } = exchangeOf(evidence, exchange).request;
    return `${header} ${method} ${new URL(url).pathname} ${reply.kind}`;
  });
  expect(asked.sort()).toEqual([
    'host GET /sse error',
    'host POST /mcp error',
    'origin GET /sse stream',
    'origin POST /mcp result',
  ]);
});

test('health that is missing, plain text, guarded, dripping, or a page for any path', async () => {
  const missing = await collect(await using(startDualEraServer({ health: 'missing' })));
  expect(healthAt(missing, '/health')).toMatchObject({ status: 404 });

  const text = await collect(await using(startDualEraServer({ health: 'text' })));
  expect(healthAt(text, '/health')).toMatchObject({ body: 'OK', headers: { 'content-type': 'text/plain' } });

  const guarded = await collect(await using(startDualEraServer({ health: 'guarded' })));
  expect(healthAt(guarded, '/health')).toMatchObject({ status: 401 });

  const drip = await collect(await using(startDualEraServer({ health: 'drip' })), { timeoutMs: 1_000 });
  expect(healthAt(drip, '/health')).toMatchObject({ status: 200, body: '{', bodyEnd: 'cut' });

  const page = await collect(await using(startDualEraServer({ health: 'missing', anyPathPage: true })));
  expect(answerOf(page, page.health.control?.exchange).body).toBe(
    healthAt(page, '/healthz').kind === 'answer' ? answerOf(page, page.health.paths[1]?.exchange).body : '',
  );
  expect(page.endpoints).toHaveLength(1);
});

test('health may be text at /ping, but neither a web page nor what any path gets', async () => {
  const judged = async (defects: Parameters<typeof startDualEraServer>[0]) => {
    const wire = await collect(await using(startDualEraServer(defects)));
    const { verdict, criteria } = judgeRow('health-endpoint', { wire });
    const failed = criteria.filter((criterion) => criterion.verdict === 'fail').map(({ id }) => id);
    return [verdict, failed, judgeCriterion('health-endpoint', 'open-path', { wire }).finding];
  };
  for (const [health, path] of [
    ['text', '/health'],
    ['ping', '/ping'],
  ] as const) {
    expect(await judged({ health })).toEqual([
      'partial',
      ['json'],
      expect.stringContaining(`GET ${path} → 200`),
    ]);
  }
  for (const [defects, finding] of [
    [{ health: 'page' }, /GET \/health → 200 in \d+ ms with a web page/],
    [{ health: 'missing', anyPathPage: true }, /This is a catch-all route\.$/],
    [{ health: 'missing', anyPathText: true }, /This is a catch-all route\.$/],
    [{ health: 'missing' }, /^No health path returned 200 or 503: /],
  ] as const) {
    expect(await judged(defects)).toEqual(['fail', ['open-path'], expect.stringMatching(finding)]);
  }
});

test('a server of the 2025 revisions serves a current client, unless it breaks the fallback', async () => {
  const judged = async (breaksFallback?: 'error' | 'silence') => {
    const defects = { era: 'legacy', ...(breaksFallback && { breaksFallback }) } as const;
    const wire = await collect(await using(startDualEraServer(defects)), { timeoutMs: 1_500 });
    const { verdict, criteria } = judgeRow('protocol-revisions', { wire });
    return {
      clients: clientLines(wire),
      verdicts: [verdict, ...criteria.map((criterion) => criterion.verdict)],
      finding: judgeCriterion('protocol-revisions', 'current-clients', { wire }).finding,
    };
  };
  expect(await judged()).toEqual({
    clients: ['sdk-v2 streamable-http legacy: 2025-11-25'],
    verdicts: ['partial', 'pass', 'pass', 'fail'],
    finding: 'The official client (SDK v2, Streamable HTTP) connected with 2025-11-25.',
  });
  expect(await judged('error')).toEqual({
    clients: ['sdk-v2 streamable-http modern: http 500', 'sdk-v1 streamable-http legacy: 2025-11-25'],
    verdicts: ['fail', 'pass', 'fail', 'fail'],
    finding: expect.stringContaining('did not connect to /mcp: HTTP 500'),
  });
  expect(await judged('silence')).toEqual({
    clients: [
      'sdk-v2 streamable-http modern: timeout',
      'sdk-v1 streamable-http legacy: 2025-11-25',
      'sdk-v2 streamable-http modern: timeout',
    ],
    verdicts: ['fail', 'pass', 'fail', 'fail'],
    finding: expect.stringMatching(/did not answer within .* It tried 2 times\. Meanwhile the server served/),
  });
});

test('a foreign Host that is served is an extra, a foreign Origin is core', async () => {
  const judged = async (defects: Parameters<typeof startDualEraServer>[0]) =>
    judgeRow('transport-security', { wire: await collect(await using(startDualEraServer(defects))) }).verdict;
  expect(await judged({})).toBe('pass');
  expect(await judged({ noHostCheck: true })).toBe('partial');
  expect(await judged({ noOriginCheck: true })).toBe('fail');
});

test('a stack trace for broken JSON is kept', async () => {
  const evidence = await collect(await using(startDualEraServer({ stackTrace: true })));
  const broken = evidence.malformed.find(({ kind }) => kind === 'broken-json');
  expect(answerOf(evidence, broken?.exchange).body).toContain('SyntaxError');
});

test('a token that comes back is noticed, also a wrong one, and masked', async () => {
  const evidence = await collect(await using(startDualEraServer({ echoToken: true })));
  const echoing = evidence.exchanges.filter(({ echoesCredential }) => echoesCredential);
  expect(new Set(echoing.map(({ request }) => request.credential))).toEqual(new Set(['wrong']));
  expect(answerOf(evidence, echoing[0]?.id).body).toBe('{"error":"Not a valid token: ***"}');

  const refused = await using(startDualEraServer({ echoToken: true }));
  const outsider = await collect(refused, { token: 'another-token-that-is-not-right' });
  expect(outsider.exchanges[0]?.echoesCredential).toBe(true);
  expect(JSON.stringify(outsider)).not.toContain('another-token');
});

test('a limiter that locks out after refusals meets them last', async () => {
  const evidence = await collect(await using(startDualEraServer({ lockAfterRefusals: 6 })));
  expect(evidence.clients.every(({ outcome }) => outcome.connected)).toBe(true);
  expect(accessLines(evidence, 'given')[0]).toBe('initialize/legacy 200 result');
  expect(accessLines(evidence, 'none')[0]).toBe('initialize/legacy 401 other');
  expect(evidence.omitted.map(({ probe }) => probe)).toContain('malformed requests');
  expect(evidence.omitted[0]?.reason).toBe('The server answered 429 with Retry-After: 60 s.');
});

test('a short wait that the server asks for is kept once', async () => {
  const evidence = await collect(await using(startDualEraServer({ slowStart: true })));
  expect(answerOf(evidence, 'x1').status).toBe(429);
  expect(clientLines(evidence)[0]).toBe('sdk-v2 streamable-http modern: 2026-07-28');
  expect(evidence.omitted).toEqual([]);
});

test('a redirect within the origin leads to the endpoint; the redirect itself is the answer', async () => {
  const evidence = await collect(await using(startDualEraServer({ trailingSlash: true })));
  expect(answerOf(evidence, 'x1').status).toBe(307);
  expect(evidence.clients.every(({ outcome }) => outcome.connected)).toBe(true);
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp/']);
});

test('where a redirect leads to a refusal, that is the guarded endpoint', async () => {
  const evidence = await collect(await using(startDualEraServer({ trailingSlash: true })), {
    anonymous: true,
  });
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp/']);
});

test('a server that answers at every path has one endpoint', async () => {
  const evidence = await collect(await using(startDualEraServer({ everyPath: true })));
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp']);
});

test('an endpoint is found from the bare origin', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server, { url: new URL('/', server.url) });
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp']);
  expect(evidence.clients.filter(({ outcome }) => outcome.connected)).toHaveLength(2);
});

test('a guarded endpoint is found from the bare origin, unless everything there is guarded', async () => {
  const server = await using(startDualEraServer({ sse: 'guarded' }));
  const evidence = await collect(server, { anonymous: true, url: new URL('/', server.url) });
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp', '/sse']);
  const all = await using(brokenServers.always(401));
  const guarded = await collect(all, { anonymous: true, url: new URL('/', all.url) });
  expect(guarded.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/']);
});
