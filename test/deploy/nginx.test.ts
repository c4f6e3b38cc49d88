import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Choices, generate, lacks, run, slug, temporaryFolder } from './support.ts';

const tls = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));

/** The generated example with the places of this test: certificate, ports, instances. Each has to be there. */
async function configuration(choices: Choices, ports: Ports, ...changes: [from: string, to: string][]) {
  const project = await generate({ deploy: 'systemd', ...choices });
  let text = await readFile(join(project, 'deploy/nginx/nginx.conf'), 'utf8');
  const replacements: [string, string][] = [
    [`/etc/nginx/tls/${slug}.crt`, `${tls}self-signed.cert.pem`],
    [`/etc/nginx/tls/${slug}.key`, `${tls}self-signed.key.pem`],
    ['listen 80;', `listen 127.0.0.1:${ports.plain};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${ports.tls} ssl;`],
    ['server 127.0.0.1:3000', `server 127.0.0.1:${ports.instances[0]}`],
    ['# server 127.0.0.1:3001', `server 127.0.0.1:${ports.instances[1]}`],
    ...changes,
  ];
  for (const [from, to] of replacements) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'logs'));
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text);
  const words = ['-p', folder, '-c', file, '-g', `pid ${folder}/pid; error_log stderr notice; daemon off;`];
  return { words };
}

interface Ports {
  plain: number;
  tls: number;
  instances: readonly [number, number];
}

const nobody: Ports = { plain: 8080, tls: 8443, instances: [3000, 3001] };

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs nginx before two instances that answer with `listener`, and returns how to ask it. */
async function proxy(
  choices: Choices,
  listener: (instance: string) => RequestListener,
  ...changes: [from: string, to: string][]
) {
  const instances = [await listen(listener('first')), await listen(listener('second'))] as const;
  const ports = { plain: await freePort(), tls: await freePort(), instances };
  // One process, so that the order in which instances are asked is not one of each process.
  const { words } = await configuration(
    choices,
    ports,
    ['worker_processes auto;', 'worker_processes 1;'],
    ...changes,
  );
  const child = spawn('nginx', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (/start worker process \d+/.test(line)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`nginx ended with ${code}: ${lines.join('\n')}`)));
  });
  const ask = (path: string, headers: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const options = {
        port: ports.tls,
        host: '127.0.0.1',
        path,
        rejectUnauthorized: false,
        agent: false as const,
      };
      request({ ...options, headers: { host: 'weather.example.com', ...headers } }, resolve)
        .once('error', reject)
        .end();
    });
  return { ask, plain: `http://127.0.0.1:${ports.plain}` };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const tellName = (instance: string) => (_: unknown, response: { end(text: string): unknown }) =>
  void response.end(instance);

describe.skipIf(lacks('nginx', 'nginx'))('nginx.conf', () => {
  test.each<Choices>([{}, { sse: 'on' }, { deploy: 'compose', auth: 'oauth', sse: 'on' }])(
    '%j: nginx accepts it',
    async (choices) => {
      const { words } = await configuration(choices, nobody);
      const { exitCode, output } = await run('nginx', ['-t', ...words]);
      expect(exitCode, output).toBe(0);
    },
  );

  test.each<[string, string, string]>([
    ['an unknown directive', 'proxy_buffering off;', 'proxy_bufering off;'],
    ['an upstream that does not exist', `proxy_pass http://${slug};`, 'proxy_pass http://acme-wether;'],
    ['a missing certificate', 'self-signed.cert.pem', 'nowhere.pem'],
    ['a count that is kept nowhere', 'zone=addresses:10m', 'zone=adresses:10m'],
  ])('%s is noticed', async (_what, from, to) => {
    const { words } = await configuration({}, nobody, [from, to]);
    expect((await run('nginx', ['-t', ...words])).exitCode).not.toBe(0);
  });

  test('publishes the endpoint and the health of the service, and nothing else', async () => {
    const { ask, plain } = await proxy({}, tellName);
    const statuses = ['/mcp', '/health', '/metrics', '/livez', '/readyz', '/sse', '/messages', '/', '/mcp/x'];
    const answers = await Promise.all(statuses.map(async (path) => (await ask(path)).statusCode));
    expect(answers).toEqual([200, 200, 404, 404, 404, 404, 404, 404, 404]);
    const insecure = await fetch(`${plain}/mcp`, { redirect: 'manual' });
    expect(insecure.status).toBe(308);
    expect(insecure.headers.get('location')).toMatch(/^https:/);
  });

  test.each(['weather.example.com', 'evil.example', 'evil.example:8080'])(
    'redirects plain HTTP to its own name, whatever the client calls it: %s',
    async (host) => {
      const { plain } = await proxy({}, tellName);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get(`${plain}/mcp?x=1`, { headers: { host }, agent: false }, resolve).once('error', reject);
      });
      expect([answer.statusCode, answer.headers.location]).toEqual([
        308,
        'https://weather.example.com/mcp?x=1',
      ]);
    },
  );

  test('bounds the requests of one address that are under way, and counts no others', async () => {
    const held: { end(): unknown }[] = [];
    let arrived = () => {};
    const bound: [string, string] = ['limit_conn addresses 600;', 'limit_conn addresses 2;'];
    const hold = () => (_: unknown, response: { end(): unknown }) => {
      held.push(response);
      arrived();
    };
    const { ask } = await proxy({}, hold, bound);
    const arrivals = (count: number) =>
      new Promise<void>((resolve) => {
        arrived = () => held.length >= count && resolve();
        arrived();
      });
    const first = [ask('/mcp'), ask('/mcp')];
    await arrivals(2);
    expect((await ask('/mcp')).statusCode).toBe(429);
    for (const response of held) response.end();
    for (const answer of await Promise.all(first)) {
      expect(answer.statusCode).toBe(200);
      await textOf(answer);
    }
    const next = ask('/mcp');
    await arrivals(3);
    held.at(-1)?.end();
    expect((await next).statusCode).toBe(200);
  });

  test('publishes where clients learn about tokens, without having one', async () => {
    const document = '/.well-known/oauth-protected-resource/mcp';
    const statusOf = async (choices: Choices) =>
      (await (await proxy(choices, tellName)).ask(document)).statusCode;
    expect(await statusOf({ auth: 'oauth' })).toBe(200);
    expect(await statusOf({})).toBe(404);
  });

  test('tells the server who asks, and not what the client claims about it', async () => {
    const { ask } = await proxy(
      {},
      () => (request, response) => void response.end(JSON.stringify(request.headers)),
    );
    const forged = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' };
    expect(JSON.parse(await textOf(await ask('/mcp', forged)))).toMatchObject({
      host: 'weather.example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('passes events on while the answer is still being written', async () => {
    let finish = () => {};
    const { ask } = await proxy({}, () => (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      finish = () => response.end('data: last\n\n');
    });
    const response = await ask('/mcp');
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: first\n\n');
    finish();
    expect(await textOf(response)).toBe('data: last\n\n');
  });

  test('sends requests to every instance, except for sessions of the older transport', async () => {
    const { ask } = await proxy({ sse: 'on' }, tellName);
    const instances = async (...paths: string[]) => {
      const names = new Set<string>();
      for (const path of paths) names.add(await textOf(await ask(path)));
      return names.size;
    };
    expect(await instances('/mcp', '/mcp', '/mcp', '/mcp')).toBe(2);
    expect(await instances('/sse', '/messages', '/messages?sessionId=1', '/sse')).toBe(1);
  });
});
