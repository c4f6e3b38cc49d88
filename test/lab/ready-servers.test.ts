import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabClient } from '../../src/lab/client/client.ts';
import { findEndpoint } from '../../src/lab/client/endpoint.ts';
import type { Instance } from '../../src/lab/world/instance.ts';
import type { LaunchedServer } from '../../src/lab/world/launcher/launch.ts';
import { freePort } from '../../src/lab/world/launcher/ports.ts';
import type { World } from '../../src/lab/world/world.ts';
import {
  afterwards,
  launched,
  openTestWorld,
  servers,
  until,
  usingInstance,
  weatherPlan,
} from './support.ts';

interface Language {
  directory: string;
  command: string;
  stdio: [string, string];
  extension: string;
}

const languages: Record<string, Language> = {
  Node: {
    directory: `${servers}/ready`,
    command: 'node server.mjs',
    stdio: [process.execPath, 'stdio.mjs'],
    extension: '.mjs',
  },
  Python: {
    directory: `${servers}/ready-python`,
    command: '/usr/bin/python3 server.py',
    stdio: ['/usr/bin/python3', 'stdio.py'],
    extension: '.py',
  },
};

const secrets = { WEATHER_API_KEY: 'key-of-the-upstream', MCP_API_KEY: 'key-of-the-client' };
const json = { 'content-type': 'application/json', authorization: `Bearer ${secrets.MCP_API_KEY}` };

function defectsOf({ directory, extension }: Language): string[] {
  return readdirSync(`${directory}/defects`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(file.indexOf('/') + 1, -extension.length));
}

/** An instance with secrets of the lab's own making and an upstream that answers, and a client of it. */
async function ready(
  run: World,
  env: Record<string, string> = {},
): Promise<{ instance: Instance; origin: URL; client: LabClient; key: string }> {
  const instance = await usingInstance(run, { env });
  const { origin } = instance.server;
  if (origin === null) throw new Error(JSON.stringify(instance.server.facts()));
  const { client } = await findEndpoint(run, instance);
  if (client === null) throw new Error('No client was served.');
  afterwards(client.close);
  return { instance, origin, client, key: run.canaries.values.MCP_API_KEY ?? '' };
}

const call = (client: LabClient, city: string) => client.call('get_weather', { city });
const logOf = (server: LaunchedServer): Record<string, unknown>[] =>
  server.facts().output.lines.map(({ text }) => JSON.parse(text));

describe.each(Object.entries(languages))('the ready server in %s', (_name, language) => {
  let run: World;
  beforeAll(async () => {
    const { directory, command } = language;
    run = await openTestWorld(weatherPlan({ directory, command, credential: 'MCP_API_KEY' }));
  });
  afterAll(() => run.close());

  it('answers official clients, from its cache where it can, and tells of it', async () => {
    const { instance, client, origin, key } = await ready(run);
    const outcome = { kind: 'result', isError: false, text: '12.5 °C' };
    expect(client.facts).toMatchObject({ revision: '2025-11-25', tools: ['get_weather'] });
    const answers = await Promise.all([
      call(client, 'London'),
      call(client, ' london'),
      call(client, 'London'),
    ]);
    expect(answers.map((answer) => answer.outcome)).toEqual([outcome, outcome, outcome]);
    expect(instance.gateway.record().requests.length).toBe(1);
    await client.call(
      'get_weather',
      { city: 'x"\n{"message":"FORGED"}' },
      { headers: { 'x-request-id': 'id-1' } },
    );
    expect(instance.gateway.record().requests.length).toBe(2);

    const earlier = new ClientV1({ name: 'test', version: '1.0.0' });
    const requestInit = { headers: { authorization: `Bearer ${key}` } };
    await earlier.connect(new TransportV1(new URL('/mcp', origin), { requestInit }) as never);
    expect(await earlier.callTool({ name: 'get_weather', arguments: { city: 'London' } })).toMatchObject({
      content: [{ text: '12.5 °C' }],
    });
    await earlier.close();

    const text = await (await fetch(new URL('/metrics', origin))).text();
    expect(text).toContain('mcp_tool_calls_total{tool="get_weather",outcome="ok"} 5');
    await until(() => logOf(instance.server).filter(({ outcome: ok }) => ok === 'ok').length === 5);
    expect(logOf(instance.server)).toContainEqual(
      expect.objectContaining({ request_id: 'id-1', tool: 'get_weather', city: 'x"\n{"message":"FORGED"}' }),
    );
  });

  it('ends calls whatever is the matter upstream, and recovers', async () => {
    const { instance, client, origin } = await ready(run, { UPSTREAM_TIMEOUT_MS: '300' });
    const health = async () => (await fetch(new URL('/health', origin))).status;
    for (const fault of ['stall', 'drip', 'reset', 'server-error'] as const) {
      await instance.gateway.set(fault);
      const { outcome } = await call(client, 'London');
      expect(outcome).toMatchObject({ kind: 'result', isError: true });
      expect(JSON.stringify(outcome)).not.toMatch(/canary|https:/);
    }
    expect(await health()).toBe(503);
    await instance.gateway.set('pass');
    expect((await call(client, 'London')).outcome).toMatchObject({ isError: false });
    await until(async () => (await health()) === 200);
  });

  it('counts by client, and says truly when to come back', async () => {
    const env = { ...secrets, MCP_AUTH: 'none', RATE_LIMIT: '3', RATE_WINDOW: '2' };
    const { origin } = await launched({ ...language, env });
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const ask = (headers = {}) =>
      fetch(new URL('/mcp', origin ?? ''), { method: 'POST', headers: { ...json, ...headers }, body });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await ask({ 'x-forwarded-for': '192.0.2.1' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^[12]$/),
    ]);
    expect((await fetch(new URL('/livez', origin ?? ''))).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, Number(refused.headers.get('retry-after')) * 1_000));
    expect((await ask()).status).toBe(200);
  });

  it('refuses what is not in order', async () => {
    const { origin } = await launched({ ...language, env: secrets });
    const send = (body: string, headers = {}, method = 'POST') =>
      fetch(new URL('/mcp', origin ?? ''), {
        method,
        headers: { ...json, ...headers },
        ...(body && { body }),
      });
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const statuses = await Promise.all([
      send(ping, { authorization: 'Bearer wrong' }),
      send(ping, { origin: 'https://example.com' }),
      send(ping, { 'mcp-protocol-version': '1999-01-01' }),
      send('{'),
      send('[]'),
      send(`"${'x'.repeat(1_100_000)}"`),
      send('', {}, 'DELETE'),
      send('', {}, 'GET'),
      send(ping),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 403, 400, 400, 400, 413, 405, 406, 200]);
    expect(statuses[0]?.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await statuses[3]?.json()).toMatchObject({ error: { code: -32700 } });
    expect(await (await send('{"jsonrpc":"2.0","id":1,"method":"nope"}')).json()).toMatchObject({
      error: { code: -32601 },
    });
    const params = { name: 'get_weather', arguments: { city: 5 } };
    const bad = await send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
    expect(await bad.json()).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringMatching(/city/) }] },
    });
  });

  it('ends calls and streams that were begun, and nothing else, at SIGTERM', async () => {
    const { instance, client, origin, key } = await ready(run, { UPSTREAM_TIMEOUT_MS: '1000' });
    const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
    const stream = await fetch(new URL('/mcp', origin), { headers });
    await instance.gateway.set('stall');
    const inFlight = call(client, 'London');
    await instance.gateway.arrived(1);
    expect(instance.server.signalCommand('SIGTERM')).toBe(true);
    expect(await stream.text()).toMatch(/^: open/);
    await until(
      async () => (await fetch(new URL('/livez', origin)).catch(() => ({ status: 503 }))).status === 503,
    );
    expect((await inFlight).outcome).toMatchObject({ kind: 'result', isError: true });
    expect(await instance.server.exited).toMatchObject({ code: 0, signal: null });
  });

  it('tells once of failures that follow each other', async () => {
    const { instance, client } = await ready(run, { ALERT_WEBHOOK_URL: 'https://hooks.test/alert' });
    await instance.gateway.set('server-error');
    for (const city of ['a', 'b', 'c', 'd']) await call(client, city);
    const alerts = () => instance.gateway.record().requests.filter(({ host }) => host === 'hooks.test');
    await until(() => alerts().length > 0);
    expect(alerts().map(({ method }) => method)).toEqual(['POST']);
  });

  it('does not start without its secrets, on a port that is taken, or with an unknown defect', async () => {
    const taken = createServer().listen(await freePort(), '127.0.0.1');
    await once(taken, 'listening');
    afterwards(async () => taken.close());
    const { port } = taken.address() as { port: number };
    const [bare, second, unknown] = await Promise.all([
      launched({ ...language }),
      // The port that was asked for listens, but not by a process of this server.
      launched({ ...language, env: secrets, port }),
      launched({ ...language, env: { ...secrets, DEFECT: 'no-such-defect' } }),
    ]);
    for (const { exited } of [bare, second, unknown]) expect(await exited).toMatchObject({ code: 1 });
    const lines = bare.facts().output.lines;
    expect(lines.length).toBe(1);
    expect(lines[0]?.text).toMatch(/WEATHER_API_KEY.*MCP_API_KEY/);
    expect(second.facts().output.lines[0]?.text).toMatch(/EADDRINUSE/);
  });

  it('speaks over stdio, and ends with its input or at SIGTERM', async () => {
    const [command, ...args] = language.stdio;
    const options = { cwd: language.directory, env: secrets, extendEnv: true, stdin: 'pipe' } as const;
    const transport = new StdioClientTransport({
      command,
      args,
      cwd: language.directory,
      env: { ...secrets, PATH: process.env.PATH ?? '' },
      stderr: 'ignore',
    });
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(transport);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['get_weather']);
    await client.close();

    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';
    const atEnd = await execa(command, args, { cwd: language.directory, env: secrets, input: ping });
    expect(JSON.parse(atEnd.stdout)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    const stopped = execa(command, args, options);
    stopped.stdin.write(ping);
    await once(stopped.stdout, 'data');
    stopped.kill('SIGTERM');
    expect(await stopped).toMatchObject({ exitCode: 0 });
  });

  it('has no defect that no test of the lab asks for', () => {
    const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));
    const unasked = defectsOf(language).filter(
      (defect) => !tests.some((text) => new RegExp(`\\b${defect}\\b`).test(text)),
    );
    expect([...new Set(unasked)]).toEqual([]);
  });
});
