import { expect, test } from 'vitest';
import { parse, sendAll } from '../support/raw.ts';
import { authorization, call, post, startServer, type TestServer } from '../support/server.ts';

const revision = { 'mcp-protocol-version': '2025-03-26' };

/** So many calls, each for a city of its own, which no cache answers. */
function calls(count: number): string {
  const each = Array.from({ length: count }, (_, n) => ({ ...JSON.parse(call(`City ${n}`)), id: n }));
  return JSON.stringify(each);
}

function remaining({ headers }: Response): string | null {
  return headers.get('ratelimit-remaining');
}

async function refusal(response: Response): Promise<[status: number, code: unknown]> {
  const { error } = (await response.json()) as { error: { code: unknown } };
  return [response.status, error.code];
}

test.each([undefined, '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'])(
  'an array of 100 calls does not pass a limit of 2 (revision %s)',
  async (version) => {
    const server = await startServer({ RATE_LIMIT: '2' });
    const headers: Record<string, string> = version === undefined ? {} : { 'mcp-protocol-version': version };
    expect(await refusal(await post(server, headers, calls(100)))).toEqual([400, -32_600]);
    expect(server.upstream.requests).toEqual([]);
  },
);

test.each([
  ['2025-11-25', 2],
  ['2025-03-26', 0],
  ['2025-03-26', 101],
])('revision %s: an array of %i messages is refused', async (version, count) => {
  const server = await startServer({ RATE_LIMIT: '1000' });
  const refused = await post(server, { 'mcp-protocol-version': version }, calls(count));
  expect(await refusal(refused)).toEqual([400, -32_600]);
  expect(server.upstream.requests).toEqual([]);
});

test.each([{}, revision])(
  'every message of an array counts, and it is taken whole or not at all (%o)',
  async (headers) => {
    const server = await startServer({ RATE_LIMIT: '5' });
    const taken = await post(server, headers, calls(3));
    expect([taken.status, remaining(taken)]).toEqual([200, '2']);
    expect((await taken.text()).match(/"structuredContent"/g)).toHaveLength(3);

    const before = server.upstream.requests.length;
    const refused = await post(server, headers, calls(3));
    expect(await refusal(refused)).toEqual([429, -32_000]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(server.upstream.requests).toHaveLength(before);
    // It has cost one request.
    const single = await post(server, headers);
    expect([single.status, remaining(single)]).toEqual([200, '0']);
    expect((await post(server, headers)).status).toBe(429);
  },
);

test('so do notifications and responses', async () => {
  const server = await startServer({ RATE_LIMIT: '5' });
  const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
  const response = { jsonrpc: '2.0', id: 1, result: {} };
  const accepted = await post(server, revision, JSON.stringify([notification, notification, response]));
  expect([accepted.status, remaining(accepted)]).toEqual([202, '2']);
});

test('every message of an array is a call in flight', async () => {
  const server = await startServer({ RATE_LIMIT: '1000' });
  for (let open = 0; open < 995; open += 1) server.drain.begin({});
  const refused = await post(server, revision, calls(6));
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refusal(refused)).toEqual([503, -32_000]);
  expect(server.upstream.requests).toEqual([]);

  server.upstream.mode = 'hold';
  const arrived = server.upstream.nextRequest();
  const taken = post(server, revision, calls(5));
  await arrived;
  expect(server.drain.size).toBe(1_000);
  server.upstream.release();
  await (await taken).text();
  await expect.poll(() => server.drain.size).toBe(995);
});

test('requests in one segment of one connection count one by one', async () => {
  const server = await startServer({ RATE_LIMIT: '2' });
  const answers = await sendAll(
    server,
    Array.from({ length: 5 }, (_, n) => request(server, call(`City ${n}`))),
  );
  // Their bodies are read side by side: which two are counted first is open.
  expect(answers.map((answer) => parse(answer).status).sort()).toEqual([200, 200, 429, 429, 429]);
});

function request(server: TestServer, body: string): string {
  const headers = {
    ...authorization(server.credentials.token),
    host: 'localhost',
    'content-type': 'application/json',
  };
  const lines = Object.entries({ ...headers, 'content-length': body.length }).map((line) => line.join(': '));
  return `POST /mcp HTTP/1.1\r\naccept: application/json, text/event-stream\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
