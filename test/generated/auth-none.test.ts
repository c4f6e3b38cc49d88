import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../src/report/schema.ts';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { runCli } from '../support/cli.ts';
import { type GeneratedServer, generateProject, startGenerated } from '../support/generated-server.ts';
import { clientKinds, connectHttp } from '../support/mcp-clients.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([
    generateProject({ select: { auth: 'none' }, git: false }),
    startOpenWeatherMap(),
  ]);
  await execa('npm', ['run', '--silent', 'build'], { cwd: project });
});
afterAll(() => upstream?.close());

async function start(env: Record<string, string> = {}): Promise<GeneratedServer> {
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** Whether something listens at the port of `server` at this address of this machine. */
function listensAt(server: GeneratedServer, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(new URL(server.origin).port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const outerAddress = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

test.each(clientKinds)('%s calls without a key, and a key does no harm', async (kind) => {
  const server = await start();
  const client = await connectHttp(kind, server.url, 'whatever');
  onTestFinished(() => client.close());
  const result = await client.callTool({ name: 'get_weather', arguments: { city: 'Oslo' } });
  expect(result.structuredContent).toMatchObject({ temperature: temperatureOf('Oslo') });
});

test('it is for this machine, and the log says that authentication is off', async () => {
  const server = await start();
  expect(await listensAt(server, '127.0.0.1')).toBe(true);
  // Another address of the same machine; 127.0.0.2 where it has no other.
  expect(await listensAt(server, outerAddress ?? '127.0.0.2')).toBe(false);
  const [line] = server.lines.filter((text) => text.includes('authentication is off'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'info', message: expect.stringContaining('HOST') });
});

test('HOST lets others in, with a warning', async () => {
  const server = await start({ HOST: '0.0.0.0' });
  expect(await listensAt(server, outerAddress ?? '127.0.0.2')).toBe(true);
  const [line] = server.lines.filter((text) => text.includes('authentication is off'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'warn', host: '0.0.0.0' });
});

test('the audit holds the missing authentication against it, and nothing else', async () => {
  const server = await start();
  const words = ['audit', server.url, '--profile', 'extended', '--format', 'json'];
  const { rows } = JSON.parse((await runCli(words)).stdout) as Report;
  const failed = rows.filter(({ points }) => points.lost > 0);
  expect(failed.map(({ id }) => id)).toEqual(['endpoint-authentication']);
});
