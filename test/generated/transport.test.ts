import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { subscription, toolCall } from '../support/raw-http.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  upstream.mode = 'answer';
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** The one error line of a server that did not start. */
function errorIn(failed: GeneratedServer | string): unknown {
  const [, code, output = ''] = /exited with (\d+): (.*)$/s.exec(String(failed)) ?? [];
  expect(code).toBe('1');
  const errors = output
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  return errors[0];
}

test.each([
  ['HOST', '203.0.113.1', 'HOST is not an address of this machine'],
  ['HOST', 'no such host', 'HOST is not an address'],
  ['TRUST_PROXY', 'true', 'TRUST_PROXY must hold IP addresses or networks'],
  ['MAX_STREAMS', 'many', 'MAX_STREAMS must be a whole number'],
  ['SHUTDOWN_DELAY_MS', '-1', 'SHUTDOWN_DELAY_MS must be a whole number'],
  ['KEEP_ALIVE_TIMEOUT_MS', '5', 'KEEP_ALIVE_TIMEOUT_MS must be a whole number'],
])('%s=%s ends the start with one line', async (name, value, explanation) => {
  const failed = await start({ [name]: value }).catch((error: Error) => error.message);
  expect(errorIn(failed)).toMatchObject({ message: expect.stringContaining(explanation) });
});

test('a taken port ends the start with one line; no other port is taken instead', async () => {
  const port = new URL((await start()).origin).port;
  const failed = await start({ PORT: port }).catch((error: Error) => error.message);
  expect(errorIn(failed)).toMatchObject({
    code: 'EADDRINUSE',
    message: `Cannot listen on 127.0.0.1, port ${port}: PORT is taken by another process (EADDRINUSE)`,
  });
});

test('clients that leave in the middle leave lines of JSON and nothing else', async () => {
  const server = await start();
  const gone = new AbortController();
  const stream = await fetch(server.url, { ...subscription(server.token, 1), signal: gone.signal });
  upstream.mode = 'hold';
  onTestFinished(upstream.release);
  const asked = upstream.received(upstream.requests.length + 1);
  const begun = fetch(server.url, { ...toolCall(server.token, 'Quito'), signal: gone.signal });
  const refused = expect(begun).rejects.toThrow();
  await asked;
  gone.abort();
  await Promise.all([refused, expect(stream.text()).rejects.toThrow()]);
  await server.logged('request abandoned by the client');
  upstream.release();
  expect(await server.stop()).toBe(0);
  for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ message: expect.any(String) });
  expect(server.errors()).toBe('');
});

test('idle connections are kept for longer than load balancers keep them', async () => {
  const server = await start();
  const answer = await fetch(`${server.origin}/livez`);
  expect(Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
});
