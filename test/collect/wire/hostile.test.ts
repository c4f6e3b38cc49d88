import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { WireEvidence } from '../../../src/evidence/wire.ts';
import { brokenServers } from '../../servers/broken.ts';
import type { TestServer } from '../../servers/listen.ts';
import { answerOf, clientLines, collect, exchangeOf, healthAt, using } from './support.ts';

/** Short, so that the slow ones are quick to test; the figures in the evidence do not depend on it. */
const quick = { timeoutMs: 600, budgetMs: 20_000 };
/** For servers that answer, also on a busy machine. */
const patient = { timeoutMs: 5_000, budgetMs: 20_000 };

function firstOutcome(evidence: WireEvidence) {
  return exchangeOf(evidence, 'x1').outcome;
}

test.each<[keyof typeof brokenServers, string, number]>([
  ['acceptsAndNeverAnswers', 'timeout', 3],
  ['sendsHeadersOnly', 'timeout', 3],
  ['oneByteASecond', 'timeout 200', 3],
  ['closesAtOnce', 'reset', 3],
  ['answersGarbage', 'protocol', 3],
  ['sendsHugeHeader', 'protocol', 3],
  ['selfSignedCertificate', 'tls', 1],
])('%s: given up as %s after %i requests', async (name, outcome, requests) => {
  const server = await using((brokenServers[name] as () => Promise<TestServer>)());
  const evidence = await collect(server, quick);
  expect(clientLines(evidence)[0]).toBe(`sdk-v2 streamable-http modern: ${outcome}`);
  expect(evidence.exchanges).toHaveLength(requests);
  expect(evidence).toMatchObject({ endpoints: [], rebinding: [], malformed: [] });
  expect(evidence.omitted.map(({ probe }) => probe)).toEqual([
    'endpoints',
    'access',
    'rebinding',
    'health',
    'malformed requests',
  ]);
});

test.each<[keyof typeof brokenServers, string]>([
  ['pageForEverything', 'not-mcp 200'],
  ['jsonForEverything', 'not-mcp 200'],
  ['answersHalf', 'not-mcp 200'],
  ['answersStatus999', 'http 999'],
  ['sends500Headers', 'not-mcp 200'],
  ['endlessBody', 'not-mcp 200'],
  ['gzipBomb', 'not-mcp 200'],
  ['brokenGzip', 'not-mcp 200'],
  ['badUtf8', 'not-mcp 200'],
  ['deepJson', 'not-mcp 200'],
  ['nullResults', 'not-mcp 200'],
  ['redirectsToItself', 'http 307'],
])('%s: no client connects (%s), and no endpoint is found', async (name, outcome) => {
  const server = await using((brokenServers[name] as () => Promise<TestServer>)());
  const evidence = await collect(server, patient);
  expect(new Set(clientLines(evidence).map((line) => line.split(': ')[1]))).toEqual(new Set([outcome]));
  expect(evidence.endpoints).toEqual([]);
  expect(evidence.exchanges.length).toBeLessThanOrEqual(40);
  expect(evidence.health.control).not.toBeNull();
});

test('a certificate that is not trusted is told, and there are no such facts without TLS', async () => {
  const refused = await collect(await using(brokenServers.selfSignedCertificate()), quick);
  expect(refused.tls).toEqual({
    protocol: null,
    authorized: false,
    problem: expect.stringMatching(/self-signed/),
    validTo: null,
  });
  expect((await collect(await using(brokenServers.jsonForEverything()), quick)).tls).toBeNull();
});

test('a client that waits although every answer is over is given up', async () => {
  const evidence = await collect(await using(brokenServers.wrongIds()), {
    budgetMs: 20_000,
    timeoutMs: 10_000,
  });
  const [first] = evidence.clients;
  expect(first?.outcome).toMatchObject({ connected: false });
  const spent = evidence.exchanges.reduce((sum, { durationMs }) => sum + durationMs, 0);
  expect(spent).toBeLessThan(10_000);
});

test('a client gets no more events to read than it takes to be kept busy', async () => {
  const evidence = await collect(await using(brokenServers.endlessEvents()), quick);
  expect(answerOf(evidence, 'x1').bodyBytes).toBeLessThan(512 * 1024);
});

test('bodies are cut at the limit, also when a small answer unpacks to a large one', async () => {
  for (const start of [brokenServers.endlessBody, brokenServers.gzipBomb]) {
    const evidence = await collect(await using(start()), patient);
    expect(firstOutcome(evidence)).toMatchObject({ bodyEnd: 'cut', bodyBytes: 1024 * 1024 });
    const health = healthAt(evidence, '/health');
    expect(health.kind === 'answer' && health.body.length).toBe(16 * 1024);
  }
});

test('half an answer is broken off, and many headers are bounded', async () => {
  const half = await collect(await using(brokenServers.answersHalf()), patient);
  expect(firstOutcome(half)).toMatchObject({ bodyEnd: 'broken', body: '{"jsonrpc":' });
  const headers = await collect(await using(brokenServers.sends500Headers()), patient);
  const kept = answerOf(headers, 'x1').headers;
  expect(Object.keys(kept)).toHaveLength(100);
  expect(kept['content-type']).toBe('application/json');
});

test('event streams that never answer, and ones that never stop, end', async () => {
  const silent = await collect(await using(brokenServers.silentEvents()), { ...quick, timeoutMs: 300 });
  expect(clientLines(silent)[0]).toBe('sdk-v2 streamable-http modern: timeout 200');
  const endless = await collect(await using(brokenServers.endlessEvents()), { ...quick, timeoutMs: 300 });
  expect(endless.clients.every(({ outcome }) => !outcome.connected)).toBe(true);
  expect(endless.endpoints).toEqual([]);
});

test('responses to other requests are no replies', async () => {
  const evidence = await collect(await using(brokenServers.wrongIds()), { ...quick, timeoutMs: 300 });
  expect(evidence.clients.every(({ outcome }) => !outcome.connected)).toBe(true);
  expect(evidence.endpoints).toEqual([]);
});

test('tool lists without an end and schemas without a bottom are bounded', async () => {
  const pages = await collect(await using(brokenServers.endlessPages()), quick);
  const connected = pages.clients.map(({ outcome }) => (outcome.connected ? outcome.tools.length : 0));
  expect(connected).toEqual([5]);
  const deep = await collect(await using(brokenServers.deepSchema()), quick);
  for (const { outcome } of deep.clients) {
    if (outcome.connected && outcome.toolsFailure === undefined) {
      expect(outcome.tools).toEqual([{ name: 'deep', readOnly: false, inputSchema: null }]);
    }
  }
});

test('numbers that are larger than any are none', async () => {
  const evidence = await collect(await using(brokenServers.numbersWithoutEnd()), quick);
  expect(evidence.cacheHints.map(({ ttlMs }) => ttlMs)).toEqual([null, null]);
});

test('a redirect to another host is the answer and is not followed', async () => {
  const other = await using(brokenServers.pageForEverything());
  const evidence = await collect(await using(brokenServers.redirectsElsewhere(other.url)), quick);
  expect(new Set(clientLines(evidence).map((line) => line.split(': ')[1]))).toEqual(new Set(['http 308']));
  expect(other.requests).toEqual([]);
});

test('metadata at another origin is not fetched', async () => {
  const other = await using(brokenServers.pageForEverything());
  const challenge = { 'www-authenticate': `Bearer resource_metadata="${other.url.href}"` };
  const evidence = await collect(await using(brokenServers.always(401, challenge)), quick);
  const { outcome } = exchangeOf(evidence, evidence.endpoints[0]?.resourceMetadata?.exchange);
  expect(outcome).toMatchObject({ kind: 'failure', reason: 'blocked' });
  expect(other.requests).toEqual([]);
});

test('401 always is a guarded endpoint at the URL that the user named, and nowhere else', async () => {
  const evidence = await collect(await using(brokenServers.always(401)), quick);
  expect(evidence.endpoints.map(({ url }) => new URL(url).pathname)).toEqual(['/mcp']);
  for (const credential of ['none', 'wrong', 'given']) {
    const sent = evidence.exchanges.filter(({ request }) => request.credential === credential);
    expect(sent.length).toBeLessThan(40);
  }
});

test('429 always ends the pass at the first answer, or after one short wait', async () => {
  const server = await using(brokenServers.always(429));
  const evidence = await collect(server, quick);
  expect(server.requests).toHaveLength(1);
  expect(evidence.clients).toHaveLength(1);
  expect(
    evidence.omitted.every(({ reason }) => reason === 'The server answered 429 without Retry-After.'),
  ).toBe(true);

  const patient = await using(brokenServers.always(429, { 'retry-after': '0' }));
  await collect(patient, quick);
  expect(patient.requests).toHaveLength(2);
});

test('a port where nobody listens, and https at an http port', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => closed.close(resolve));
  const server = await using(brokenServers.jsonForEverything());
  const first = async (url: string) => clientLines(await collect(server, { ...quick, url: new URL(url) }));

  expect(await first(`http://127.0.0.1:${port}/mcp`)).toEqual(['sdk-v2 streamable-http modern: refused']);
  expect(await first(`https://127.0.0.1:${server.url.port}/mcp`)).toEqual([
    'sdk-v2 streamable-http modern: tls',
  ]);
  expect(server.requests).toEqual([]);
});
