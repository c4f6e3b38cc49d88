import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { describePhase, type Phase, percentile, startLoad } from '../support/load.ts';
import { postCall, problemOf, statusesOf } from '../support/mcp-calls.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject({ store: 'redis' }), startOpenWeatherMap()]);
});
afterAll(() => upstream?.close());

async function start(env: Record<string, string>): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => {
    server.child.kill('SIGKILL');
  });
  return server;
}

async function redisForTest(): Promise<RedisServer> {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  return redis;
}

const cities = ['Oslo', 'Lima', 'Quito', 'Accra', 'Hanoi', 'Turin', 'Perth', 'Minsk'];
const unavailable = 'store is unavailable';
const available = 'store is back';

// How long a request waits for Redis, in the generated project.
const answerTimeoutMs = 200;

describe('a Redis that fails under load', () => {
  const faults = {
    killed: { fail: (redis: RedisServer) => redis.kill(), mend: (redis: RedisServer) => redis.start() },
    frozen: {
      fail: async (redis: RedisServer) => redis.freeze(),
      mend: async (redis: RedisServer) => redis.thaw(),
    },
  };

  test.each(['killed', 'frozen'] as const)(
    '%s: no call fails, hardly any waits, and limits hold',
    async (fault) => {
      const redis = await redisForTest();
      const loaded = await start({ REDIS_URL: redis.url, RATE_LIMIT: '1000000' });
      const limited = await start({ REDIS_URL: redis.url, RATE_LIMIT: '5', MCP_API_KEY: 'a-limited-key' });
      const load = startLoad(6, async (index) => {
        const city = cities[index % cities.length] ?? '';
        return problemOf(await postCall(loaded, city), temperatureOf(city));
      });
      onTestFinished(() => load.stop());
      expect(await statusesOf(limited, 3)).toEqual([200, 200, 200]);
      const before = await load.phase('before', 200);

      await faults[fault].fail(redis);
      const during = await load.phase('during', 300, loaded.logged(unavailable));
      // Two of five are left: what was used before the fault counts.
      expect(await statusesOf(limited, 3)).toEqual([200, 200, 429]);

      await faults[fault].mend(redis);
      const recovering = load.phase('recovering', 1, loaded.logged(available));
      await Promise.all([recovering, limited.logged(available)]);
      const after = await load.phase('after', 200);
      expect(await statusesOf(limited, 1)).toEqual([429]);
      await load.stop();

      const phases: Phase[] = [before, during, await recovering, after];
      for (const phase of phases) process.stderr.write(`redis ${fault}: ${describePhase(phase)}`);
      expect(phases.flatMap(({ failures }) => failures)).toEqual([]);
      // Without the breaker every call would wait that long, the quickest included.
      expect(percentile(during, 0.1)).toBeLessThan(answerTimeoutMs);

      const changes = loaded.lines.filter((line) => line.includes(unavailable) || line.includes(available));
      const levels = changes.map((line) => (JSON.parse(line) as { level: string }).level);
      // Each change is told once. A busy machine may have had a hiccup of its own.
      expect(levels).toEqual(levels.map((_, place) => (place % 2 === 0 ? 'error' : 'info')));
      expect(loaded.errors()).toBe('');
      expect(await loaded.stop()).toBe(0);
    },
  );

  test.each(['killed', 'frozen'] as const)(
    '%s before the start: it starts, serves and stops',
    async (fault) => {
      const redis = await redisForTest();
      await faults[fault].fail(redis);
      const url = redis.url.replace('//', '//:hunter2@');
      const server = await start({ REDIS_URL: url, RATE_LIMIT: '3' });
      expect(await statusesOf(server, 4)).toEqual([200, 200, 200, 429]);
      await server.logged(unavailable);
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      expect(server.lines.join('\n')).not.toContain('hunter2');
      expect(server.errors()).toBe('');
    },
  );
});

test('a Redis with a password that is wrong is named by its error, without the password', async () => {
  const redis = await redisForTest();
  const server = await start({ REDIS_URL: redis.url.replace('//', '//nobody:hunter2@') });
  await server.logged(unavailable);
  expect(server.lines.find((line) => line.includes(unavailable))).toContain('"code":"WRONGPASS"');
  expect(await statusesOf(server, 1)).toEqual([200]);
  await server.stop();
  expect(server.lines.join('\n') + server.errors()).not.toContain('hunter2');
});

test('without REDIS_URL it does not start, and says so', async () => {
  await expect(start({ REDIS_URL: '' })).rejects.toThrow(/exited with 1: .*REDIS_URL is not set/);
});

test('over stdio, answers are shared as well, and the process ends with its input', async () => {
  const redis = await redisForTest();
  upstream.requests.length = 0;
  for (let instance = 0; instance < 2; instance += 1) {
    const child = spawn(process.execPath, ['dist/stdio.js'], {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        OPENWEATHER_API_KEY: 'an-upstream-key',
        WEATHER_BASE_URL: upstream.url,
        REDIS_URL: redis.url,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const exited = once(child, 'exit');
    const clientInfo = { name: 'test', version: '1.0.0' };
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'get_weather', arguments: { city: 'Dakar' } } },
    ];
    for (const message of messages) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    for await (const line of createInterface({ input: child.stdout })) {
      if ((JSON.parse(line) as { id?: number }).id !== 2) continue;
      expect(line).toContain(`"temperature":${temperatureOf('Dakar')},`);
      break;
    }
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
  }
  expect(upstream.requests).toHaveLength(1);
});
