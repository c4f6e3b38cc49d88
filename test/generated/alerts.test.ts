import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp } from '../support/mcp-clients.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

type Answer = (response: ServerResponse) => void;
const accept: Answer = (response) => void response.end('ok');
const hang: Answer = () => {};

/** What an incoming webhook would be. */
async function startReceiver(answer: Answer = accept) {
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    texts.push(JSON.parse(body).text);
    answer(response);
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const received = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (texts.length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/T0SECRET`, texts, received };
}

async function start(env: Record<string, string>): Promise<GeneratedServer> {
  upstream.mode = 'answer';
  const server = await startGenerated(project, {
    WEATHER_BASE_URL: upstream.url,
    RATE_LIMIT: '1000',
    ...env,
  });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** Calls for cities nobody asked for before, all at once. */
async function fail(server: GeneratedServer, count: number) {
  upstream.mode = 'fail';
  const client = await connectHttp('v2 modern', server.url, server.token);
  onTestFinished(() => client.close());
  const calls = Array.from({ length: count }, (_, index) =>
    client.callTool({ name: 'get_weather', arguments: { city: `City ${index}` } }),
  );
  for (const result of await Promise.all(calls)) expect(result.isError).toBe(true);
}

// Lets a test make the process throw.
const thrower = "process.on('SIGUSR2', () => { throw new Error('boom with http://10.0.0.1/?key=hush'); });";
const throwing = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(thrower)}` };

describe('alerts of a generated server', () => {
  test('a burst of failures is one alert, which is out before the server ends', async () => {
    const { url, texts, received } = await startReceiver();
    const server = await start({ ALERT_WEBHOOK_URL: url });
    await fail(server, 50);
    await received(1);
    expect(await server.stop()).toBe(0);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^Problem: tool calls fail \(\d+ times\): get_weather unavailable x \d+$/m);
    expect(texts[0]).not.toMatch(/City|key|https?:/);
    expect(server.lines.join('\n')).not.toMatch(/T0SECRET/);
  });

  test('an error that ends the process is told of before it does', async () => {
    const { url, texts } = await startReceiver();
    const server = await start({ ALERT_WEBHOOK_URL: url, ...throwing });
    server.child.kill('SIGUSR2');
    expect(await server.exited).toBe(1);
    expect(texts).toEqual([
      expect.stringMatching(/^\S+ on \S+\nProblem: the process ends because of an error$/),
    ]);
    expect(server.lines.filter((line) => line.includes('uncaught exception'))).toHaveLength(1);
  });

  test.each([
    ['SIGUSR2', 1],
    ['SIGTERM', 0],
  ] as const)('a receiver that hangs does not keep the process from ending (%s)', async (signal, code) => {
    const { url, received } = await startReceiver(hang);
    const server = await start({ ALERT_WEBHOOK_URL: url, ...throwing });
    await fail(server, 5);
    await received(1);
    server.child.kill(signal);
    expect(await server.exited).toBe(code);
    expect(server.lines.join('\n')).not.toMatch(/T0SECRET/);
  });

  test('a receiver that is gone leaves a line without its address, and calls go on', async () => {
    const server = await start({ ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/hook/T0SECRET' });
    await fail(server, 5);
    await server.logged('alert not delivered');
    const line = server.lines.find((text) => text.includes('alert not delivered')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 'error', reason: 'ECONNREFUSED' });
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
    expect(server.lines.join('\n')).not.toMatch(/T0SECRET/);
  });
});
