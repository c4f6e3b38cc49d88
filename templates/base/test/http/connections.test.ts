import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { connection, exchange, parse } from '../support/raw.ts';
import { authorization, call, post, startServer } from '../support/server.ts';

const close = 'connection: close\r\n';

test.each([
  ['no HTTP at all', 'hello there\r\n\r\n', 400],
  ['headers without end', `GET /mcp HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ['no Host', `GET /livez HTTP/1.1\r\n${close}\r\n`, 400],
  [
    'two lengths',
    'POST /mcp HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    400,
  ],
  ['an expectation', `POST /mcp HTTP/1.1\r\nhost: a\r\n${close}expect: a miracle\r\n\r\n`, 417],
  ['a path that is none', `GET /%zz HTTP/1.1\r\nhost: localhost\r\n${close}\r\n`, 400],
  ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n', 405],
  ['an unknown path', `GET /nothing HTTP/1.1\r\nhost: localhost\r\n${close}\r\n`, 404],
  ['an unknown Host', `GET /mcp HTTP/1.1\r\nhost: evil.example\r\n${close}\r\n`, 403],
])('%s is refused as JSON, with the security headers, and leaves a line', async (_name, bytes, status) => {
  const server = await startServer();
  const answer = await exchange(server, bytes);
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject(securityHeaders);
  expect(answer.headers.connection).toBe('close');
  expect(JSON.parse(answer.body)).toMatchObject({
    jsonrpc: '2.0',
    error: { code: expect.any(Number) },
    id: null,
  });
  await expect
    .poll(() => server.lines)
    .toContainEqual(expect.objectContaining({ level: 'warn', message: 'request refused', status }));
});

test('answers of every kind carry the security headers', async () => {
  const server = await startServer({ RATE_LIMIT: '2' });
  const answers = [
    await post(server),
    await post(server, {}, `"${'x'.repeat(300_000)}"`),
    await post(server),
    await fetch(`${server.url}/health`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 413, 429, 200]);
  // An answer that is a stream has a Cache-Control of its own.
  const { 'cache-control': noStore, ...others } = securityHeaders;
  for (const { headers } of answers) expect(Object.fromEntries(headers)).toMatchObject(others);
  expect(answers[1]?.headers.get('cache-control')).toBe(noStore);
});

test.each(['GET', 'DELETE', 'PUT', 'OPTIONS'])(
  '%s is not for /mcp, and Allow tells what is',
  async (method) => {
    const server = await startServer();
    const headers = authorization(server.credentials.token);
    const answer = await fetch(`${server.url}/mcp`, { method, headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', id: null });
  },
);

test.each([
  ['headers', 'POST /mcp HTTP/1.1\r\nhost: localhost\r\n'],
  [
    'a body',
    'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
  ],
])('%s that never end are given up', async (_name, bytes) => {
  const server = await startServer();
  for (const { headersTimeout, requestTimeout } of server.servers) {
    expect(headersTimeout).toBeLessThanOrEqual(requestTimeout);
    expect(requestTimeout).toBeLessThanOrEqual(30_000);
  }
  for (const each of server.servers) [each.headersTimeout, each.requestTimeout] = [50, 50];
  const headers = Object.entries(authorization(server.credentials.token)).map((header) => header.join(': '));
  const answer = await exchange(server, bytes.replace('host', [...headers, 'host'].join('\r\n')));
  expect(answer.status).toBe(408);
  expect(answer.headers).toMatchObject({ ...securityHeaders, connection: 'close' });
});

test('a connection that was used well before gets the same answers', async () => {
  const server = await startServer();
  const good = 'GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n';
  const socket = await connection(server);
  socket.write(good);
  await once(socket, 'data');
  socket.write('GARBAGE\r\n\r\n');
  expect(parse(await text(socket)).status).toBe(400);
});

test('bytes that follow a call do not get into its answer', async () => {
  const server = await startServer();
  const body = call('London');
  const headers = {
    host: 'localhost',
    ...authorization(server.credentials.token),
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': String(body.length),
  };
  const head = Object.entries(headers).map((header) => `${header.join(': ')}\r\n`);
  const answer = await exchange(server, `POST /mcp HTTP/1.1\r\n${head.join('')}\r\n${body}GARBAGE\r\n\r\n`);
  expect([200, 400]).toContain(answer.status);
  expect(answer.body.match(/HTTP\/1.1 \d+/g) ?? []).toEqual([]);
});

test('a failure to accept connections is said, not repeated, and ends nothing', async () => {
  const server = await startServer();
  const failure = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  for (let count = 0; count < 3; count += 1) server.app.server.emit('error', failure);
  const said = server.lines.filter((line) => line.message === 'connections cannot be accepted');
  expect(said).toEqual([expect.objectContaining({ level: 'error', code: 'EMFILE' })]);
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
});
