import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { describePhase, startLoad } from '../support/load.ts';
import { postCall, problemOf } from '../support/mcp-calls.ts';
import { clientKinds, connectHttp } from '../support/mcp-clients.ts';
import { startNginx } from '../support/nginx.ts';
import { startRedis } from '../support/redis.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject({ store: 'redis' }), startOpenWeatherMap()]);
});
afterAll(() => upstream?.close());

test('instances are replaced one after the other under load, and no call is lost', {
  timeout: 240_000,
}, async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const start = async (port: string) => {
    const server = await startGenerated(project, {
      WEATHER_BASE_URL: upstream.url,
      REDIS_URL: redis.url,
      RATE_LIMIT: '1000000',
      // Answers are asked for again and again: a restart meets calls that wait for the weather service, too.
      CACHE_TTL: '1',
      PORT: port,
    });
    onTestFinished(() => {
      server.child.kill('SIGKILL');
    });
    return server;
  };
  const servers: GeneratedServer[] = await Promise.all([start('0'), start('0'), start('0')]);
  const portOf = ({ origin }: GeneratedServer) => new URL(origin).port;
  const nginx = await startNginx(
    project,
    servers.map((server) => Number(portOf(server))),
  );
  onTestFinished(() => nginx.close());

  const balanced = { url: `${nginx.origin}/mcp`, token: servers[0]?.token ?? '' };
  const clients = await Promise.all(
    clientKinds.map((kind) => connectHttp(kind, balanced.url, balanced.token)),
  );
  onTestFinished(() => Promise.all(clients.map((client) => client.close())).then(() => {}));
  const cities = Array.from({ length: 50 }, (_, index) => `City ${index}`);

  const load = startLoad(6, async (index) => {
    const city = cities[index % cities.length] ?? '';
    const temperature = temperatureOf(city);
    // The three official clients, and one that does nothing by itself.
    const client = clients[index % 4];
    if (client === undefined) return problemOf(await postCall(balanced, city), temperature);
    const { isError, structuredContent } = await client.callTool({
      name: 'get_weather',
      arguments: { city },
    });
    const right = (structuredContent as { temperature?: number } | undefined)?.temperature === temperature;
    return isError || !right ? JSON.stringify(structuredContent) : undefined;
  });
  onTestFinished(() => load.stop());

  const replaceAll = async () => {
    for (const [place, old] of servers.entries()) {
      expect(await old.stop()).toBe(0);
      servers[place] = await start(portOf(old));
      // The balancer has to find it before the next one leaves.
      await servers[place]?.logged('"route":"/mcp"');
    }
  };
  await load.phase('before', 100);
  const restarting = await load.phase('restarting', 300, replaceAll());
  const after = await load.phase('after', 100);
  await load.stop();
  for (const phase of [restarting, after]) process.stderr.write(`rolling restart: ${describePhase(phase)}`);
  expect([...restarting.failures, ...after.failures]).toEqual([]);
  for (const server of servers) expect(server.lines.join('\n')).not.toContain('calls cut off');
});
