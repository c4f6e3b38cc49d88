import { request } from 'node:http';
import { expect, test } from 'vitest';
import { post, startServer, type TestServer } from '../support/server.ts';

/** fetch does not let a caller choose the Host header. */
function statusFor(server: TestServer, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('names that are not listed are refused on the endpoint, and only there', async () => {
  const server = await startServer({ ALLOWED_HOSTS: 'weather.example.com' });
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:8080', '10.0.0.7:3000', 'Weather.Example.com']) {
    expect(await statusFor(server, '/mcp', host)).not.toBe(403);
  }
  expect(await statusFor(server, '/mcp', 'evil.example')).toBe(403);
  expect(await statusFor(server, '/health', 'evil.example')).toBe(200);
});

test('pages of this machine may call by default, others may not', async () => {
  const server = await startServer();
  expect((await post(server, { origin: 'http://localhost:5173' })).status).toBe(200);
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'nonsense']) {
    expect((await post(server, { origin })).status).toBe(403);
  }
});

test('with a list, exactly the listed origins may call, preflight included', async () => {
  const server = await startServer({ ALLOWED_ORIGINS: 'https://app.example.com' });
  expect((await post(server, { origin: 'http://localhost:5173' })).status).toBe(403);
  expect((await post(server, { origin: 'https://app.example.com:444' })).status).toBe(403);
  const preflight = await fetch(`${server.url}/mcp`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
});

test.each([
  ['malformed JSON', {}, '{"a":', 400],
  ['a body of the wrong kind', { 'content-type': 'text/plain' }, 'hello', 415],
  ['a body that is too large', {}, `"${'x'.repeat(300_000)}"`, 413],
])('%s is answered with a JSON-RPC error and nothing more', async (_name, headers, body, status) => {
  const server = await startServer();
  const response = await post(server, headers, body);
  expect(response.status).toBe(status);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) }, id: null });
  expect(text).not.toMatch(/node_modules|at .*:\d+/);
});

test('unknown paths are answered in the same shape', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/nothing?token=secret`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id: null });
});

test('the caller can choose the request id, within reason', async () => {
  const server = await startServer();
  const own = await post(server, { 'x-request-id': 'abc-123' });
  expect(own.headers.get('x-request-id')).toBe('abc-123');
  await own.text();
  const bad = await post(server, { 'x-request-id': 'a "b"' });
  expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(server.lines.filter((line) => line.requestId === 'abc-123').map((line) => line.message)).toContain(
    'tool call answered',
  );
});
