import { expect, test } from 'vitest';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { accessLines, answerOf, clientLines, collect, exchangeOf, healthAt, using } from './support.ts';

test('a good server of both eras is seen whole, in few requests', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server);

  expect(evidence).toMatchObject({
    url: server.url.href,
    loopback: true,
    credentialGiven: true,
    omitted: [],
  });
  expect(clientLines(evidence)).toEqual([
    'sdk-v2 streamable-http modern: 2026-07-28',
    'sdk-v1 streamable-http legacy: 2025-11-25',
  ]);
  expect(evidence.clients[0]?.outcome).toMatchObject({
    server: { name: 'weather', version: '1.2.3' },
    revisions: ['2026-07-28'],
    capabilities: ['tools'],
    tools: [{ name: 'get_weather', readOnly: true, inputSchema: { required: ['city'] } }],
  });
  expect(evidence.endpoints.map(({ url, transport }) => [new URL(url).pathname, transport])).toEqual([
    ['/mcp', 'streamable-http'],
  ]);
  expect(accessLines(evidence, 'given')).toEqual([
    'initialize/legacy 200 result',
    'discover/modern 200 result',
    'list-tools/legacy 200 result',
    'list-tools/modern 200 result',
    'open-stream 405 error',
  ]);
  for (const credential of ['none', 'wrong'] as const) {
    expect(accessLines(evidence, credential)).toEqual([
      'initialize/legacy 401 other',
      'discover/modern 401 other',
      'list-tools/legacy 401 other',
      'list-tools/modern 401 other',
      'open-stream 401 other',
    ]);
  }
  expect(answerOf(evidence, evidence.endpoints[0]?.access[5]?.exchange).headers).toMatchObject({
    'www-authenticate': 'Bearer',
  });
  expect(healthAt(evidence, '/health')).toMatchObject({
    status: 200,
    body: '{"status":"ok"}',
    bodyEnd: 'complete',
  });
  expect(healthAt(evidence, '/healthz')).toMatchObject({ status: 404 });
  expect(answerOf(evidence, evidence.health.control?.exchange).status).toBe(404);
  expect(
    evidence.rebinding.map(({ header, exchange }) => [header, answerOf(evidence, exchange).status]),
  ).toEqual([
    ['origin', 403],
    ['host', 403],
  ]);
  expect(
    evidence.malformed.map(({ kind, reply, exchange }) => [
      kind,
      answerOf(evidence, exchange).status,
      'code' in reply ? reply.code : reply.kind,
    ]),
  ).toEqual([
    ['unknown-method', 404, -32601],
    ['oversized-body', 413, 'other'],
    ['unsupported-version', 400, -32022],
    ['broken-json', 400, -32700],
  ]);
  expect(evidence.exchanges.some(({ echoesCredential }) => echoesCredential)).toBe(false);

  expect(server.requests).toHaveLength(evidence.exchanges.length);
  expect(server.requests.length).toBeLessThanOrEqual(50);
  for (const credential of ['none', 'wrong', 'given']) {
    const sent = evidence.exchanges.filter(({ request }) => request.credential === credential);
    expect(sent.length).toBeLessThan(40);
  }
});

test('what is on the wire is what the evidence says', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server, { headers: [{ name: 'X-Env', value: 'staging' }] });

  const foreignHost = evidence.rebinding.find(({ header }) => header === 'host');
  expect(server.requests.some(({ headers }) => headers.host === foreignHost?.value)).toBe(true);
  expect(foreignHost?.value).toMatch(/^[0-9a-f]{16}\.example$/);
  const foreignOrigin = evidence.rebinding.find(({ header }) => header === 'origin');
  expect(server.requests.some(({ headers }) => headers.origin === foreignOrigin?.value)).toBe(true);
  expect(server.requests.every(({ headers }) => headers['x-env'] === 'staging')).toBe(true);
  expect(server.requests.every(({ headers }) => headers['user-agent'] === 'mcp-prod/1.0.0')).toBe(true);

  const sent = (credential: string) =>
    server.requests.filter((_request, index) => evidence.exchanges[index]?.request.credential === credential);
  const authorizations = new Set(server.requests.map(({ headers }) => headers.authorization));
  const [given, none, wrong] = ['given', 'none', 'wrong'].map((credential) => sent(credential).length);
  // The right one, none, one made up, its beginning, and it and more.
  expect(authorizations.size).toBe(5);
  const count = (value: string | undefined) =>
    server.requests.filter(({ headers }) => headers.authorization === value).length;
  expect(count(`Bearer ${server.token}`)).toBe(given);
  expect(count(undefined)).toBe(none);
  expect(wrong).toBe(server.requests.length - (given ?? 0) - (none ?? 0));
  expect(exchangeOf(evidence, 'x1').request.headers.authorization).toBe('Bearer ***');
});

test('without a credential nothing is sent twice, and it is recorded as none', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server, { anonymous: true });

  expect(evidence.credentialGiven).toBe(false);
  expect(evidence.exchanges.some(({ request }) => request.credential === 'given')).toBe(false);
  expect(clientLines(evidence)).toEqual([
    'sdk-v2 streamable-http modern: http 401',
    'sdk-v1 streamable-http legacy: http 401',
    'sdk-v2 streamable-http legacy: http 401',
  ]);
  const refused = [
    'initialize/legacy 401 other',
    'discover/modern 401 other',
    'list-tools/legacy 401 other',
    'list-tools/modern 401 other',
    'open-stream 401 other',
  ];
  expect(accessLines(evidence, 'none')).toEqual(refused);
  expect(accessLines(evidence, 'wrong')).toEqual(refused);
  expect(evidence.exchanges.every(({ purpose }) => !purpose.includes('given credential'))).toBe(true);
});

test('servers of one era are tried in that era only', async () => {
  const modern = await collect(await using(startDualEraServer({ era: 'modern' })));
  expect(clientLines(modern)).toEqual([
    'sdk-v2 streamable-http modern: 2026-07-28',
    'sdk-v1 streamable-http legacy: mcp-error 400',
    'sdk-v2 streamable-http legacy: mcp-error 400',
  ]);
  expect(accessLines(modern, 'none').map((line) => line.split(' ')[0])).toEqual([
    'discover/modern',
    'list-tools/modern',
    'open-stream',
  ]);

  const legacy = await collect(await using(startDualEraServer({ era: 'legacy' })));
  expect(clientLines(legacy)).toEqual(['sdk-v2 streamable-http legacy: 2025-11-25']);
  expect(accessLines(legacy, 'none').map((line) => line.split(' ')[0])).toEqual([
    'initialize/legacy',
    'list-tools/legacy',
    'open-stream',
  ]);
});

test('only the named health path and the polled ones are asked', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server, { healthPath: '/health', polledPaths: ['/ready', '/health'] });
  expect(evidence.health.named).toBe(true);
  expect(evidence.health.paths.map(({ path }) => path)).toEqual(['/health']);
  expect(evidence.health.polled.map(({ path }) => path)).toEqual(['/health', '/ready']);
  expect(server.requests.filter(({ path }) => path === '/healthz')).toEqual([]);
});
