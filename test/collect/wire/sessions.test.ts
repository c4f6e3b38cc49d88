import { expect, test } from 'vitest';
import { startSseServer } from '../../servers/http-sse.ts';
import { startStatefulServer } from '../../servers/stateful.ts';
import { accessLines, accessOf, answerOf, clientLines, collect, exchangeOf, using } from './support.ts';

test('a server with sessions is seen inside sessions of its own, and all of them are ended', async () => {
  const server = await using(startStatefulServer());
  const evidence = await collect(server);
  expect(clientLines(evidence)).toEqual(['sdk-v2 streamable-http legacy: 2025-11-25']);
  expect(accessLines(evidence, 'given')).toEqual([
    'initialize/legacy 200 result',
    'discover/modern 400 error',
    'list-tools/legacy 200 result',
    'open-stream 200 stream',
  ]);
  expect(accessLines(evidence, 'none')).toEqual([
    'initialize/legacy 401 other',
    'list-tools/legacy 401 other',
    'open-stream 401 other',
  ]);
  expect(evidence.malformed.map(({ kind, exchange }) => [kind, answerOf(evidence, exchange).status])).toEqual(
    [
      ['unknown-method', 200],
      ['oversized-body', 200],
      ['oversized-body', 200],
      ['unsupported-version', 400],
      ['broken-json', 400],
    ],
  );
  expect(server.sessions.size).toBe(0);
  const given = evidence.exchanges.filter(({ request }) => request.credential === 'given');
  expect(given.length).toBeLessThan(40);
});

test('a request that cannot be read comes in a session, where the server reads it', async () => {
  const evidence = await collect(await using(startStatefulServer({ sessionFirst: true })));
  const broken = evidence.malformed.find(({ kind }) => kind === 'broken-json');
  expect(broken?.reply).toMatchObject({ kind: 'error', code: -32700 });
});

test('sessions and HTTP+SSE side by side take few requests with the given credential', async () => {
  const server = await using(startStatefulServer({ sse: true }));
  const evidence = await collect(server);
  expect(evidence.endpoints.map(({ transport }) => transport)).toEqual(['streamable-http', 'sse']);
  for (const credential of ['none', 'wrong', 'given']) {
    const sent = evidence.exchanges.filter(({ request }) => request.credential === credential);
    expect(sent.length).toBeLessThan(40);
  }
  const open = await collect(await using(startStatefulServer({ sse: true, open: true })), {
    anonymous: true,
  });
  expect(open.exchanges.filter(({ request }) => request.credential === 'none').length).toBeLessThan(40);
});

test('a session that its id alone opens is seen from outside', async () => {
  const evidence = await collect(await using(startStatefulServer({ openSessions: true })));
  expect(accessLines(evidence, 'none')).toEqual([
    'initialize/legacy 401 other',
    'list-tools/legacy 200 result',
    'open-stream 200 stream',
  ]);
});

test('HTTP+SSE: stream and messages are tried with each credential, in a session that exists', async () => {
  const server = await using(startSseServer());
  const evidence = await collect(server);
  expect(clientLines(evidence)).toEqual([
    'sdk-v2 streamable-http modern: http 405',
    'sdk-v1 sse legacy: 2025-11-25',
  ]);
  expect(evidence.clients[1]?.outcome).toMatchObject({ tools: [{ name: 'get_weather', readOnly: true }] });
  expect(evidence.endpoints.map(({ transport }) => transport)).toEqual(['sse']);
  expect(accessLines(evidence, 'given')).toEqual(['open-stream 200 stream', 'post-message 202 accepted']);
  expect(accessLines(evidence, 'none')).toEqual(['open-stream 401 other', 'post-message 401 other']);
  expect(accessLines(evidence, 'wrong')).toEqual(['open-stream 401 other', 'post-message 401 other']);
  const message = evidence.endpoints[0]?.access.find(({ operation }) => operation === 'post-message');
  expect(exchangeOf(evidence, message?.exchange).request.url).toMatch(/\/messages\?sessionId=\*\*\*$/);
});

test('HTTP+SSE: one half that the authentication forgot', async () => {
  const stream = await collect(await using(startSseServer({ openStream: true })));
  expect(accessLines(stream, 'none')).toEqual(['open-stream 200 stream', 'post-message 401 other']);
  const messages = await collect(await using(startSseServer({ openMessages: true })));
  expect(accessLines(messages, 'none')).toEqual(['open-stream 401 other', 'post-message 202 accepted']);
});

test('HTTP+SSE: messages that are never answered cost one short wait per credential', async () => {
  const evidence = await collect(await using(startSseServer({ silentMessages: true })), { timeoutMs: 500 });
  const posted = accessOf(evidence).filter(({ operation }) => operation === 'post-message');
  expect(posted.map(({ credential, reply }) => [credential, reply])).toEqual([
    ['given', 'none'],
    ['none', 'other'],
    ['wrong', 'other'],
  ]);
});

test('HTTP+SSE: messages are not sent to another origin', async () => {
  const evidence = await collect(await using(startSseServer({ foreignMessages: true })));
  expect(evidence.endpoints[0]?.access.map(({ operation }) => operation)).not.toContain('post-message');
  expect(clientLines(evidence).at(-1)).toBe('sdk-v1 sse legacy: not-mcp 200');
  expect(evidence.exchanges.every(({ request }) => request.url.startsWith(evidence.url.slice(0, -4)))).toBe(
    true,
  );
});

test('an SSE endpoint that the configuration names counts although it refuses', async () => {
  const server = await using(startSseServer());
  const evidence = await collect(server, {
    anonymous: true,
    url: new URL('/health', server.url),
    endpoints: { sse: '/sse' },
  });
  expect(evidence.endpoints.map(({ url, transport }) => [new URL(url).pathname, transport])).toEqual([
    ['/sse', 'sse'],
  ]);
});
