import { expect, test } from 'vitest';
import { createLogger } from '../../src/logging/logger.ts';
import { hide, secretsIn } from '../../src/logging/secrets.ts';
import { connect, post, startServer } from '../support/server.ts';

function logTo(lines: string[], env: NodeJS.ProcessEnv = {}) {
  const log = createLogger({ write: (line) => void lines.push(line) }, env);
  log.level = 'trace';
  return log;
}

test('a line is one JSON object with time, level and message', () => {
  const lines: string[] = [];
  logTo(lines).info({ answer: 42 }, 'hello');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^{.*}\n$/);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({ level: 'info', message: 'hello', answer: 42 });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});

test.each(['a\nb', 'a\r\n{"level":"error"}', 'a\u2028b', '"}{"', '\ud800', '\u0000\u001b[31m'])(
  'text %j stays within its value',
  (text) => {
    const lines: string[] = [];
    logTo(lines).info({ city: text }, text);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r]/);
    const line = JSON.parse(lines[0] ?? '');
    expect(line.message).toBe(text);
    expect(line.city).toBe(text);
  },
);

test('what is long, wide or deep is cut, and the line says so', () => {
  const lines: string[] = [];
  const loop: Record<string, unknown> = { name: 'loop' };
  loop.self = loop;
  const error = new Error('e'.repeat(1_000_000), { cause: loop });
  const wide = Array.from({ length: 100_000 }, () => 'w'.repeat(1_000));
  logTo(lines).error({ err: error, text: 't'.repeat(1_000_000), wide, loop, big: 2n ** 64n }, 'too much');
  expect(lines[0]?.length).toBeLessThan(60_000);
  const line = JSON.parse(lines[0] ?? '');
  expect(line.text).toMatch(/^t{1000}\.\.\. \(1000000 characters\)$/);
  expect(line.err).toMatchObject({ type: 'Error', stack: expect.stringMatching(/characters\)$/) });
  expect(line.big).toBe('18446744073709551616');
});

test('errors of libraries leave their requests and headers out, and no line holds a known secret', () => {
  const lines: string[] = [];
  const log = logTo(lines, {
    UPSTREAM_API_KEY: 'weather key/7',
    CLIENT_KEYS: 'ann:annskey123,bobskey456',
  });
  const error = Object.assign(new Error('GET https://example.com/?appid=weather+key%2F7 failed'), {
    code: 'UND_ERR_SOCKET',
    request: { headers: { authorization: 'Bearer another-secret' } },
    cause: new Error('https://example.com/?appid=weather%20key%2F7'),
  });
  log.error({ err: error, other: error, key: 'weather key/7' }, 'bobskey456 and annskey123');
  expect(lines[0]).not.toMatch(/weather.key|skey|another-secret/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: { code: 'UND_ERR_SOCKET', message: expect.stringContaining('appid=[secret] failed') },
    message: '[secret] and [secret]',
  });
});

test('secrets are found by the name of their variable, and in URLs', () => {
  const secrets = secretsIn({
    STORE_URL: 'store://:p%40ssword1@store:6379',
    CHAT_WEBHOOK_URL: 'https://hooks.example.com/T0/B0/xyz',
    COLLECTOR_HEADERS: 'x-token=abcdefgh',
    KEYS_FILE: '/run/secrets/keys',
    ADMIN_TOKEN: 'short',
    BASE_URL: 'https://api.example.com',
    QUOTED_SECRET: 'with "quotes"',
  });
  const text =
    'p%40ssword1 p@ssword1 https://hooks.example.com/T0/B0/xyz abcdefgh with \\"quotes\\" ' +
    '/run/secrets/keys short https://api.example.com';
  expect(hide(secrets, text)).toBe(
    '[secret] [secret] [secret] [secret] [secret] /run/secrets/keys short https://api.example.com',
  );
});

test('nothing that a caller sends breaks a line, floods the log or shows a key', async () => {
  const server = await startServer();
  const client = await connect(server, 'modern');
  const forged = '\n{"level":"error","message":"forged"}';
  for (const city of [`x${forged}`, '\ud800', 'y'.repeat(200_000)]) {
    await client.callTool({ name: 'get_weather', arguments: { city } });
    await client
      .callTool({ name: `no-such-tool${city}`.slice(0, 150_000), arguments: {} })
      .catch(() => undefined);
  }
  const headers = { 'x-request-id': 'a"b', 'user-agent': 'a\tb', traceparent: 'c"d' };
  await (await post(server, headers)).text();
  await (await fetch(`${server.url}/%0a${'z'.repeat(5_000)}?key=a-client-key`)).text();
  expect(server.lines.length).toBeGreaterThan(8);
  for (const line of server.lines) {
    expect(line.message).not.toBe('forged');
    const text = JSON.stringify(line);
    expect(text.length).toBeLessThan(5_000);
    expect(text).not.toMatch(/a-client-key|an-upstream-key|node_modules/);
  }
});
