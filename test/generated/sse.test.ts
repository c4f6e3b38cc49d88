import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp, connectSse } from '../support/mcp-clients.ts';
import { dial, message, received } from '../support/raw-http.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject({ sse: true }), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  upstream.mode = 'answer';
  const server = await startGenerated(project, {
    WEATHER_BASE_URL: upstream.url,
    MCP_API_KEY: 'a-client-key,another-key',
    RATE_LIMIT: '1000',
    ...env,
  });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** The message endpoint of a stream that is opened for this test. */
async function openStream(server: GeneratedServer, token = server.token): Promise<string> {
  const socket = await dial(server.origin);
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /sse HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`);
  const path = /data: (\S+)\n/.exec(await received(socket, /sessionId=\S+\n/))?.[1];
  return `${server.origin}${path}`;
}

test('the official client of that time lists, calls and reads, many at once, beside /mcp', async () => {
  const server = await start();
  const clients = await Promise.all([
    ...Array.from({ length: 5 }, () => connectSse(`${server.origin}/sse`, server.token)),
    connectHttp('v2 modern', server.url, server.token),
  ]);
  onTestFinished(async () => void (await Promise.all(clients.map((client) => client.close()))));
  await Promise.all(
    clients.map(async (client, index) => {
      const city = `Town ${index}`;
      expect((await client.listTools()).tools).toHaveLength(2);
      const result = await client.callTool({ name: 'get_weather', arguments: { city } });
      expect(result.structuredContent).toMatchObject({ temperature: temperatureOf(city) });
      const { contents } = await client.readResource({ uri: `weather://Town%20${index}/current` });
      expect(JSON.parse(String(contents[0]?.text))).toMatchObject({ temperature: temperatureOf(city) });
    }),
  );
});

test('a session takes messages of its own client only', async () => {
  const server = await start();
  const messages = await openStream(server);
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  expect((await fetch(messages, message('another-key', ping))).status).toBe(404);
  expect((await fetch(messages, message('wrong', ping))).status).toBe(401);
  expect((await fetch(messages, message('a-client-key', ping))).status).toBe(202);
  const unknown = `${server.origin}/messages?sessionId=${crypto.randomUUID()}`;
  expect((await fetch(unknown, message('a-client-key', ping))).status).toBe(404);
});

test('messages count against the rate limit', async () => {
  const server = await start({ RATE_LIMIT: '3' });
  const messages = await openStream(server);
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const statuses = [];
  for (let count = 0; count < 3; count += 1) {
    statuses.push((await fetch(messages, message(server.token, ping))).status);
  }
  expect(statuses).toEqual([202, 202, 429]);
});

test('a client that leaves in the middle of a call takes nobody with it', async () => {
  const server = await start();
  const leaving = await connectSse(`${server.origin}/sse`, server.token);
  upstream.mode = 'hold';
  onTestFinished(upstream.release);
  const asked = upstream.received(upstream.requests.length + 1);
  const call = leaving.callTool({ name: 'get_weather', arguments: { city: 'Lima' } });
  call.catch(() => {});
  await asked;
  await leaving.close();
  upstream.release();
  await server.logged('weather service answered');
  const client = await connectSse(`${server.origin}/sse`, server.token);
  const result = await client.callTool({ name: 'get_weather', arguments: { city: 'Lima' } });
  expect(result.structuredContent).toMatchObject({ temperature: temperatureOf('Lima') });
  await client.close();
  expect(await server.stop()).toBe(0);
});

test('the audit is told where the event stream is, and the README what it needs', async () => {
  const config = JSON.parse(await readFile(join(project, 'mcp-prod.config.json'), 'utf8'));
  expect(config.sse).toBe('/sse');
  expect(await readFile(join(project, 'README.md'), 'utf8')).toMatch(/sticky sessions/i);
});
