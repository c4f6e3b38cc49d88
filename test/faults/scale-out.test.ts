import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { postCall, statusesOf } from '../support/mcp-calls.ts';
import { clientKinds, connectHttp } from '../support/mcp-clients.ts';
import { startNginx } from '../support/nginx.ts';
import { startRedis } from '../support/redis.ts';

// A limit for each client. Every test has a client of its own.
const limit = 40;
const tokens = { v1: 'key-1', 'v2 modern': 'key-2', 'v2 legacy': 'key-3', burst: 'key-4', other: 'key-5' };

let upstream: OpenWeatherMap;
let servers: GeneratedServer[];
let url: string;
const closing: Array<() => unknown> = [];

/** Three instances behind nginx. */
beforeAll(async () => {
  const [project, redis] = await Promise.all([sharedProject({ store: 'redis' }), startRedis()]);
  upstream = await startOpenWeatherMap();
  closing.push(redis.close, upstream.close);
  const env = {
    WEATHER_BASE_URL: upstream.url,
    REDIS_URL: redis.url,
    MCP_API_KEY: Object.values(tokens).join(','),
    RATE_LIMIT: String(limit),
    // Longer than these tests take.
    RATE_WINDOW: '3600',
  };
  servers = await Promise.all([0, 1, 2].map(() => startGenerated(project, env)));
  for (const { child } of servers) closing.push(() => child.kill('SIGKILL'));
  const nginx = await startNginx(
    project,
    servers.map(({ origin }) => Number(new URL(origin).port)),
  );
  closing.push(nginx.close);
  url = `${nginx.origin}/mcp`;
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** How many requests each instance has seen. */
const seen = () =>
  servers.map(
    ({ lines }) => lines.filter((line) => (JSON.parse(line) as { route?: string }).route === '/mcp').length,
  );

test.each(clientKinds)('%s works when every request reaches another instance', async (kind) => {
  const before = seen();
  const client = await connectHttp(kind, url, tokens[kind]);
  onTestFinished(() => client.close());
  for (const city of ['Oslo', 'Lima', 'Oslo', 'Quito', 'Oslo', 'Accra']) {
    const result = await client.callTool({ name: 'get_weather', arguments: { city } });
    expect(result.structuredContent).toMatchObject({ temperature: temperatureOf(city) });
  }
  const { contents } = await client.readResource({ uri: 'weather://Oslo/current' });
  expect(JSON.parse(String(contents[0]?.text))).toMatchObject({ temperature: temperatureOf('Oslo') });
  // Lines may arrive after the answers that they tell of.
  await vi.waitFor(() => {
    for (const [place, count] of seen().entries()) expect(count - (before[place] ?? 0)).toBeGreaterThan(1);
  }, 15_000);
});

test('a limit is that of all instances together', async () => {
  const burst = { url, token: tokens.burst };
  const answers = await Promise.all(Array.from({ length: 2 * limit }, () => postCall(burst, 'Oslo')));
  const allowed = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 429);
  expect([allowed.length, refused.length]).toEqual([limit, limit]);
  for (const { headers } of refused) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(3600);
  }
  // Asking one of them directly does not help. Other clients have a limit of their own.
  for (const server of servers) expect(await statusesOf({ ...burst, url: server.url }, 1)).toEqual([429]);
  expect(await statusesOf({ ...burst, token: tokens.other }, 1)).toEqual([200]);
});

test('what one instance has asked, the others know', async () => {
  const asked = () => upstream.requests.filter(({ query }) => query.q?.trim().toLowerCase() === 'tunis');
  const answers = [];
  for (const server of [...servers, ...servers]) {
    for (const city of ['Tunis', ' TUNIS']) {
      answers.push(await (await postCall({ ...server, token: tokens.other }, city)).text());
    }
  }
  for (const answer of answers) expect(answer).toContain(`"temperature":${temperatureOf('Tunis')},`);
  expect(asked()).toHaveLength(1);
});
