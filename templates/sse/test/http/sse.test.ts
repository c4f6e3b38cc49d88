import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { shutDown } from '../../src/http/shutdown.ts';
import { authorization, call, startServer, type TestServer } from '../support/server.ts';

interface Stream {
  status: number;
  headers: Headers;
  /** Where to send messages. */
  messages: string;
  /** The data of the next event; undefined when the stream has ended. */
  next(): Promise<string | undefined>;
  leave(): void;
}

/** A client of revision 2024-11-05, by hand. */
async function openStream(server: TestServer, token = server.credentials.token): Promise<Stream> {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const response = await fetch(`${server.url}/sse`, { headers: authorization(token), signal: gone.signal });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  const next = async () => {
    for (;;) {
      const event = /^(?:event: \w+\n)?data: (.*)\n\n/m.exec(read);
      if (event !== null) {
        read = read.slice(event.index + event[0].length);
        return event[1];
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      read += value;
    }
  };
  const messages = response.status === 200 ? `${server.url}${await next()}` : '';
  return { status: response.status, headers: response.headers, messages, next, leave: () => gone.abort() };
}

function send(server: TestServer, url: string, body: string, token = server.credentials.token) {
  const headers = { ...authorization(token), 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body });
}

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

async function openSession(server: TestServer): Promise<Stream> {
  const stream = await openStream(server);
  expect((await send(server, stream.messages, initialize)).status).toBe(202);
  expect(JSON.parse((await stream.next()) ?? '')).toMatchObject({
    id: 0,
    result: { protocolVersion: '2024-11-05' },
  });
  return stream;
}

test('answers come as events on the stream', async () => {
  const server = await startServer();
  const stream = await openSession(server);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.headers.get('x-accel-buffering')).toBe('no');
  expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
  const accepted = await send(server, stream.messages, call('London'));
  expect(accepted.status).toBe(202);
  expect(JSON.parse((await stream.next()) ?? '')).toMatchObject({
    id: 1,
    result: { structuredContent: { place: 'London, GB' } },
  });
  const requestId = accepted.headers.get('x-request-id');
  expect(server.lines.filter((line) => line.requestId === requestId).map((line) => line.message)).toContain(
    'tool call answered',
  );
});

test('both endpoints are behind the same checks as /mcp', async () => {
  const server = await startServer();
  const messages = `${server.url}/messages?sessionId=1`;
  const evil = { ...authorization(server.credentials.token), origin: 'https://evil.example' };
  expect((await fetch(`${server.url}/sse`, { headers: evil })).status).toBe(403);
  expect((await fetch(messages, { method: 'POST', headers: evil })).status).toBe(403);
  if (server.credentials.token !== undefined) {
    expect((await fetch(`${server.url}/sse`)).status).toBe(401);
    expect((await fetch(messages, { method: 'POST' })).status).toBe(401);
  }
});

test("a session is its client's, and unknown ones are answered at once", async () => {
  const server = await startServer();
  const { messages } = await openSession(server);
  expect((await send(server, `${server.url}/messages?sessionId=unknown`, initialize)).status).toBe(404);
  expect((await send(server, `${server.url}/messages`, initialize)).status).toBe(404);
  const { otherToken } = server.credentials;
  if (otherToken !== undefined) {
    expect((await send(server, messages, call('London'), otherToken)).status).toBe(404);
    expect(server.upstream.requests).toEqual([]);
  }
});

test.each(['{"a":', '[]', '{"jsonrpc":"1.0"}'])('%s is no message', async (body) => {
  const server = await startServer();
  const stream = await openSession(server);
  const answer = await send(server, stream.messages, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', error: {}, id: null });
  await send(server, stream.messages, call('London'));
  expect(JSON.parse((await stream.next()) ?? '')).toMatchObject({ id: 1, result: {} });
});

test('an array of calls is refused, and calls nothing', async () => {
  const server = await startServer();
  const stream = await openSession(server);
  const answer = await send(server, stream.messages, `[${call('London')},${call('Paris')}]`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: -32_600 }, id: null });
  expect(server.upstream.requests).toEqual([]);
});

test.each([
  ['/sse', 'POST', 'GET'],
  ['/sse', 'HEAD', 'GET'],
  ['/messages', 'GET', 'POST'],
])('%s does not take %s', async (path, method, allowed) => {
  const server = await startServer();
  const headers = authorization(server.credentials.token);
  const answer = await fetch(`${server.url}${path}`, { method, headers });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
});

test('sessions are bounded, and end with their client', async () => {
  const server = await startServer({ MAX_STREAMS: '1' });
  const first = await openSession(server);
  const full = await openStream(server);
  expect([full.status, full.headers.get('retry-after')]).toEqual([503, '30']);
  const told = once(server.services.events, 'stream');
  first.leave();
  expect(await told).toEqual([{ kind: 'sse', open: false }]);
  expect((await send(server, first.messages, call('London'))).status).toBe(404);
  expect((await openStream(server)).status).toBe(200);
});

test('one client gets a tenth of the streams, whichever kind they are', async () => {
  const server = await startServer({ MAX_STREAMS: '20' });
  expect([(await openStream(server)).status, (await openStream(server)).status]).toEqual([200, 200]);
  const refused = await openStream(server);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  const { otherToken } = server.credentials;
  if (otherToken !== undefined) expect((await openStream(server, otherToken)).status).toBe(200);
});

test('a shutdown answers the call in flight on its stream, and then ends it', async () => {
  const server = await startServer();
  const stream = await openSession(server);
  server.upstream.mode = 'hold';
  const arrived = server.upstream.nextRequest();
  await send(server, stream.messages, call('London'));
  await arrived;
  const settings = { SHUTDOWN_DELAY_MS: 0, SHUTDOWN_TIMEOUT_MS: 5_000 };
  const down = shutDown(server, settings, pino({ level: 'silent' }));
  expect((await send(server, stream.messages, call('Paris'))).status).toBe(503);
  server.upstream.release();
  expect(JSON.parse((await stream.next()) ?? '')).toMatchObject({ id: 1, result: { structuredContent: {} } });
  expect(await stream.next()).toBeUndefined();
  expect(await down).toBe(0);
});

test('a cancelled call is not waited for', async () => {
  const server = await startServer();
  const stream = await openSession(server);
  server.upstream.mode = 'hold';
  const arrived = server.upstream.nextRequest();
  await send(server, stream.messages, call('London'));
  await arrived;
  expect(server.drain.size).toBe(1);
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  expect((await send(server, stream.messages, JSON.stringify(cancelled))).status).toBe(202);
  await expect.poll(() => server.drain.size).toBe(0);
});

test('a reader that is stuck is let go before it fills the memory', async () => {
  const server = await startServer({ RATE_LIMIT: '1000000' });
  const socket = dial(Number(new URL(server.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const [token] = Object.entries(authorization(server.credentials.token)).map(
    (header) => `${header.join(': ')}\r\n`,
  );
  socket.write(`GET /sse HTTP/1.1\r\nhost: localhost\r\n${token ?? ''}\r\n`);
  const [first] = await once(socket, 'data');
  socket.pause();
  const messages = `${server.url}${/data: (\S+)/.exec(String(first))?.[1]}`;
  expect((await send(server, messages, initialize)).status).toBe(202);
  let ended = false;
  server.services.events.once('stream', () => {
    ended = true;
  });
  const list = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' });
  for (let id = 1; !ended && id < 20_000; id += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, each) => send(server, messages, list(id + each))));
  }
  expect(server.lines).toContainEqual(
    expect.objectContaining({
      message: 'message refused',
      reason: 'the reader of an event stream is too slow',
    }),
  );
});

test('silence is filled with comments, so that no proxy takes the stream for dead', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = await startServer();
  const response = await fetch(`${server.url}/sse`, { headers: authorization(server.credentials.token) });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('event: endpoint');
  vi.advanceTimersByTime(30_000);
  let read = '';
  while ((read.match(/^: /gm) ?? []).length < 2) read += (await reader.read()).value;
  await reader.cancel();
});
