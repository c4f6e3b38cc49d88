import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../../src/evidence/lab/gateway.ts';
import type { Instance } from '../../../src/lab/world/instance.ts';
import { serverEnvironment } from '../../../src/lab/world/launcher/environment.ts';
import {
  alive,
  askWeather,
  servers,
  temporaryDirectory,
  until,
  usingInstance,
  usingRun,
} from '../support.ts';

/** The pythons that have the libraries: what comes first in PATH may be another one. */
const python = ['python3', '/usr/bin/python3'].find((candidate) => {
  try {
    execFileSync(candidate, ['-c', 'import httpx, requests'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const limitMs = 2_000;

/** The call through a server: it is seen, and a stall ends when the server gives up. Then everything is stopped. */
async function expectInterposed(command: string, client: string, drips: 'ends' | 'goes on' | null = null) {
  const run = await usingRun({ command, env: { CLIENT: client, LIMIT_MS: String(limitMs) } });
  const instance = await usingInstance(run);
  const { gateway, interposition, server } = instance;
  const { outcome } = server.facts();
  if (outcome.kind !== 'listening') throw new Error(JSON.stringify(server.facts().output));

  expect(await askWeather(instance)).toBe('12.5 °C');
  const { requests, failedConnections } = gateway.record();
  expect(failedConnections).toEqual([]);
  expect(requests).toMatchObject([
    {
      scheme: 'https',
      method: 'GET',
      host: 'api.weather.test',
      path: '/v1/current',
      canaries: [{ name: 'WEATHER_API_KEY', where: 'query key' }],
      outcome: { kind: 'answered', status: 200, by: 'canned' },
    },
  ]);
  const { hellos, direct } = await interposition.facts();
  expect(hellos.map(({ pid }) => pid)).toContain(outcome.listener.pid);
  expect(direct).toEqual([]);

  await gateway.set('stall');
  expect(await askWeather(instance)).toMatch(/^No weather/);
  expect(await gaveUpAfter(instance, 1)).toBeGreaterThan(limitMs * 0.8);
  if (drips !== null) {
    await gateway.set('drip');
    const call = askWeather(instance).catch(() => 'stopped');
    await gateway.arrived(3);
    if (drips === 'ends') expect(await call).toMatch(/^No weather/);
    else await new Promise((resolve) => setTimeout(resolve, 2 * limitMs));
    await until(
      () => gateway.record().requests[2]?.outcome.kind === (drips === 'ends' ? 'given-up' : 'open'),
    );
  }
  const processes = await server.processes();
  expect(await instance.stop()).toEqual([]);
  expect(processes.filter(alive)).toEqual([]);
  // What was open when the server was stopped is nothing that it gave up.
  if (drips === 'goes on') expect(gateway.record().requests[2]?.outcome.kind).toBe('cut');
}

async function gaveUpAfter({ gateway }: Instance, index: number): Promise<number> {
  await until(() => gateway.record().requests[index]?.outcome.kind === 'given-up');
  const outcome = gateway.record().requests[index]?.outcome;
  return outcome?.kind === 'given-up' ? outcome.afterMs : 0;
}

describe('a server in Node', () => {
  it.each([
    ['fetch', 'ends'],
    ['undici', 'ends'],
    ['https', 'ends'],
    ['axios', 'goes on'],
    ['got', 'ends'],
  ] as const)('calls with %s; a dripping body %s', async (client, drips) => {
    await expectInterposed('node server.mjs', client, drips);
  });

  it.each([
    ['npm start', 'fetch'],
    ['npx tsx typed.ts', 'https'],
    ['node server.cjs', 'axios'],
    ['cd . && node server.mjs', 'undici'],
  ])('%s, with %s', async (command, client) => {
    await expectInterposed(command, client);
  });
});

describe.skipIf(python === undefined)('a server in Python', () => {
  it.each(['urllib', 'http_client', 'requests', 'httpx'])('calls with %s', async (client) => {
    await expectInterposed(`${python} server.py`, client);
  });
});

describe('every fault reaches the server', () => {
  it.each<[FaultName, number]>([
    ['reset', 1],
    ['server-error', 1],
    ['too-many-requests', 1],
    ['refuse', 0],
  ])('%s', async (fault, requests) => {
    const run = await usingRun({ command: 'node server.mjs', env: { CLIENT: 'fetch' } });
    const instance = await usingInstance(run);
    await instance.gateway.set(fault);
    expect(await askWeather(instance)).toMatch(/^No weather/);
    expect(instance.gateway.record().requests.length).toBe(requests);
    await instance.gateway.set('pass');
    expect(await askWeather(instance)).toBe('12.5 °C');
  });
});

describe('the preload for Node', () => {
  /** Runs a few lines in a launched process with the preload, and returns what was told. */
  async function told(code: string, upstream = {}, setUp?: (directory: string) => void) {
    const directory = temporaryDirectory();
    setUp?.(directory);
    writeFileSync(
      join(directory, 'server.mjs'),
      `import http from 'node:http'; import net from 'node:net'; import tls from 'node:tls'; import { Worker } from 'node:worker_threads';
       const failed = () => {};
       ${code}
       http.createServer((_, response) => response.end('ok')).listen(process.env.PORT);`,
    );
    const run = await usingRun({ command: 'node server.mjs', directory, upstream, secrets: [] });
    const instance = await usingInstance(run);
    expect(instance.server.facts().outcome.kind).toBe('listening');
    return instance;
  }

  it('lists what goes around the gateway', async () => {
    const { interposition } = await told(
      `net.connect(1, '127.0.0.1').on('error', failed);
       net.connect({ port: 5432, host: '192.0.2.1' }).on('error', failed);
       tls.connect({ port: 443, host: '192.0.2.1' }).on('error', failed);
       net.connect('/no/such/pipe').on('error', failed);`,
    );
    const { direct, redirected } = await interposition.facts();
    expect(direct.map(({ host, port }) => `${host}:${port}`)).toEqual([
      '127.0.0.1:1',
      '192.0.2.1:5432',
      '192.0.2.1:443',
    ]);
    expect(redirected).toEqual([]);
  });

  it('redirects plain HTTP, TLS on any port, and what is listed', async () => {
    const { interposition, gateway } = await told(
      `http.get('http://plain.test/a').on('error', failed);
       tls.connect({ port: 8443, host: 'secure.test', servername: 'secure.test' }).on('error', failed);
       http.get('http://127.0.0.1:4010/b').on('error', failed);
       http.get('http://inner.test:8080/c').on('error', failed);
       new Worker("require('node:http').get('http://worker.test/d').on('error', () => {})", { eval: true });`,
      { '127.0.0.1:4010': {}, 'inner.test': {}, 'plain.test': {}, 'worker.test': {} },
    );
    await gateway.arrived(4);
    expect(
      gateway
        .record()
        .requests.map(({ host, path }) => `${host}${path}`)
        .sort(),
    ).toEqual(['127.0.0.1:4010/b', 'inner.test:8080/c', 'plain.test/a', 'worker.test/d']);
    const { redirected, hellos } = await interposition.facts();
    expect(redirected.map(({ host, port }) => `${host}:${port}`)).toContain('secure.test:8443');
    expect(hellos.length).toBe(1);
  });

  it('marks connections of every kind, before all that is written to them', async () => {
    const { interposition, gateway } = await told(
      `const get = (path) => 'GET /' + path + ' HTTP/1.1\\r\\nhost: kinds.test\\r\\nconnection: close\\r\\n\\r\\n';
       const early = net.connect(80, 'kinds.test').on('error', failed);
       early.write(get('early'));
       tls.connect({ port: 443, host: 'kinds.test', servername: 'kinds.test' }).on('error', failed).write(get('tls'));
       const below = net.connect({ port: 443, host: 'kinds.test' }).on('error', failed);
       tls.connect({ socket: below, servername: 'kinds.test' }).on('error', failed).write(get('tls-on-a-socket'));
       const again = new net.Socket().on('error', failed);
       again.connect(80, 'kinds.test', () => again.destroy());
       again.once('close', () => again.connect(80, 'kinds.test', () => again.write(get('again'))));
       const proxy = net.connect(process.env.MCP_PROD_LAB_GATEWAY, '127.0.0.1').on('error', failed);
       proxy.write('GET http://kinds.test/proxy HTTP/1.1\\r\\nhost: kinds.test\\r\\n\\r\\n');`,
      { 'kinds.test': {} },
    );
    await gateway.arrived(5);
    const { requests, failedConnections } = gateway.record();
    expect(requests.map(({ path }) => path).sort()).toEqual([
      '/again',
      '/early',
      '/proxy',
      '/tls',
      '/tls-on-a-socket',
    ]);
    expect(failedConnections).toEqual([]);
    expect((await interposition.facts()).redirected.length).toBe(2);
  });

  it('says how its process ended', async () => {
    const { interposition, server } = await told(`process.on('SIGTERM', () => process.exit(7));`);
    server.signalCommand('SIGTERM');
    await server.exited;
    expect((await interposition.facts()).exits).toEqual([{ pid: server.facts().pid, code: 7 }]);
  });

  it('is loaded from a path with spaces and quotes, beside a project’s own', async () => {
    const directory = join(temporaryDirectory(), 'my "own" lab');
    mkdirSync(directory);
    symlinkSync(join(servers, 'weather/current.json'), join(directory, 'current.json'));
    writeFileSync(join(directory, 'own.cjs'), 'globalThis.own = true;');
    writeFileSync(
      join(directory, 'server.mjs'),
      `import http from 'node:http';
       http.createServer(async (_, response) => {
         const { temperature } = await (await fetch('https://api.weather.test/v1/current')).json();
         response.end(temperature + ' ' + globalThis.own);
       }).listen(process.env.PORT);`,
    );
    const run = await usingRun({
      command: 'node server.mjs',
      directory,
      env: { NODE_OPTIONS: '--require ./own.cjs' },
    });
    const { server } = await usingInstance(run);
    expect(await (await fetch(server.origin ?? '')).text()).toBe('12.5 true');
  });
});

describe('the preload for Python', () => {
  it('marks connections of every kind, before all that is written to them', async () => {
    const directory = temporaryDirectory();
    writeFileSync(
      join(directory, 'server.py'),
      `import asyncio, os, select, socket, ssl
from http.server import BaseHTTPRequestHandler, HTTPServer
def request(path):
    return f"GET /{path} HTTP/1.1\\r\\nhost: kinds.test\\r\\nconnection: close\\r\\n\\r\\n".encode()
context = ssl.create_default_context()
with socket.create_connection(("kinds.test", 80)) as plain:
    plain.sendall(request("plain"))
    plain.recv(1000)
with context.wrap_socket(socket.socket(), server_hostname="kinds.test") as early:
    early.connect(("kinds.test", 443))
    early.sendall(request("tls-before-connect"))
    early.recv(1000)
waiting = socket.socket()
waiting.setblocking(False)
assert waiting.connect_ex(("kinds.test", 80)) in (0, 115)
select.select([], [waiting], [], 5)
assert waiting.gettimeout() == 0
waiting.send(request("non-blocking"))
async def ask():
    reader, writer = await asyncio.open_connection("kinds.test", 443, ssl=context)
    writer.write(request("asyncio"))
    await reader.read()
asyncio.run(ask())
class Handler(BaseHTTPRequestHandler):
    pass
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`,
    );
    const run = await usingRun({ command: 'python3 server.py', directory, upstream: { 'kinds.test': {} } });
    const { server, gateway } = await usingInstance(run);
    expect(server.facts().outcome.kind).toBe('listening');
    const { requests, failedConnections } = gateway.record();
    expect(requests.map(({ path }) => path)).toEqual([
      '/plain',
      '/tls-before-connect',
      '/non-blocking',
      '/asyncio',
    ]);
    expect(failedConnections).toEqual([]);
  });

  it('hands over to the sitecustomize that was there before', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'site'));
    writeFileSync(join(directory, 'site/sitecustomize.py'), 'import os\nos.environ["OWN"] = "was here"\n');
    writeFileSync(
      join(directory, 'server.py'),
      `import os, socket
from http.server import BaseHTTPRequestHandler, HTTPServer
for target in (("192.0.2.1", 5432), ("127.0.0.1", 1)):
    sock = socket.socket()
    sock.settimeout(0.05)
    sock.connect_ex(target)
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get("OWN", "").encode())
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`,
    );
    const run = await usingRun({
      command: 'python3 server.py',
      directory,
      env: { PYTHONPATH: 'site' },
      upstream: {},
    });
    const { server, interposition } = await usingInstance(run);
    expect(await (await fetch(server.origin ?? '')).text()).toBe('was here');
    const { direct, hellos } = await interposition.facts();
    expect(hellos).toEqual([{ pid: server.facts().pid, runtime: 'python' }]);
    expect(direct.map(({ host, port }) => `${host}:${port}`)).toEqual(['192.0.2.1:5432', '127.0.0.1:1']);
  });
});

it('the credential of the gateway is written down nowhere, also where a server prints its environment', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'server.mjs'),
    `import http from 'node:http';
     const { HTTPS_PROXY: proxy } = process.env;
     const { username, password } = new URL(proxy);
     console.log(JSON.stringify(process.env));
     console.log('Basic ' + Buffer.from(username + ':' + password).toString('base64'));
     await fetch('http://plain.test/' + password).catch(() => {});
     http.createServer((_, response) => response.end(proxy)).listen(process.env.PORT);`,
  );
  const upstream = { 'plain.test': {} };
  const run = await usingRun({ command: 'node server.mjs', directory, upstream, secrets: [] });
  const instance = await usingInstance(run);
  const { server, gateway, interposition } = instance;
  const told = JSON.stringify([server.facts(), gateway.record(), await interposition.facts()]);
  expect(told).toContain('http://lab:<lab credential>@127.0.0.1:');
  expect(told).toContain('"path":"/<lab credential>"');
  expect(told).not.toContain(run.credential.value);
  expect(told).not.toContain(Buffer.from(run.credential.value).toString('base64').slice(4, -4));
  expect(gateway.record().requests.flatMap(({ canaries }) => canaries)).toEqual([]);
  expect(server.facts().output.lines.flatMap(({ canaries = [] }) => canaries)).toEqual([]);
  // Its own processes alone are served.
  const { statusCode } = await request(`http://127.0.0.1:${gateway.port}/v1/current`);
  expect(statusCode).toBe(407);
});

it('lists of paths and options are kept side by side', () => {
  const environment = serverEnvironment(
    { PATH: '/bin', SECRET: 'x' },
    { NODE_OPTIONS: '--require a', PYTHONPATH: '/lab', A: '1' },
    { NODE_OPTIONS: '--max-old-space-size=100', PYTHONPATH: 'lib', A: '2' },
  );
  expect(environment).toMatchObject({
    PATH: '/bin',
    NODE_OPTIONS: '--require a --max-old-space-size=100',
    PYTHONPATH: '/lab:lib',
    A: '2',
  });
  expect(environment).not.toHaveProperty('SECRET');
});
