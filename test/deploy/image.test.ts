import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { buildImage, type Images, imageStore, makeBaseImage } from './base-image.ts';
import { change, generate, lacks, lacksRoot, run, slug } from './support.ts';

/** What an image says about how to run it. */
interface ImageConfig {
  User: string;
  Env: string[];
  Cmd: string[];
  Entrypoint: string[] | null;
  WorkingDir: string;
  StopSignal: string;
  ExposedPorts: Record<string, unknown>;
  Healthcheck: { Test: [kind: string, ...command: string[]] };
}

interface Image {
  config: ImageConfig;
  /** Where its file system is mounted. */
  files: string;
}

const token = 'a-client-key-of-some-length';

/**
 * The generated Dockerfile is built as it is, and the image is run as a container runtime would: as its user, in its
 * directory, with its environment, in a process namespace where it is process 1.
 */
describe.skipIf(lacks('buildah', 'buildah') || lacks('unshare', 'util-linux') || lacksRoot())(
  'the image',
  () => {
    let images: Images;
    let project: string;
    let image: Image;
    let upstream: OpenWeatherMap;

    beforeAll(async () => {
      project = await generate({});
      const dockerfile = await readFile(join(project, 'Dockerfile'), 'utf8');
      const [pinned = ''] = /(?<=^FROM )\S+/m.exec(dockerfile) ?? [];
      // An image of this machine's own has another digest.
      const base = pinned.replace(/@.*$/, '');
      await writeFile(join(project, 'Dockerfile'), dockerfile.replaceAll(pinned, base));
      images = await imageStore();
      await makeBaseImage(images, `docker.io/library/${base}`);
      image = await build(slug);
      upstream = await startOpenWeatherMap();
    }, 400_000);
    afterAll(async () => {
      await upstream?.close();
      await images?.close();
    });

    async function build(name: string): Promise<Image> {
      await buildImage(images, project, name);
      const { config } = JSON.parse(await images.buildah('inspect', '--type', 'image', name)).Docker;
      return { config, files: await images.buildah('mount', await images.buildah('from', name)) };
    }

    /** Starts a command in an image as the image's user, with more environment than the image has. */
    async function start(
      { config, files }: Image,
      command: readonly string[],
      env: Record<string, string> = {},
    ): Promise<ChildProcess> {
      const { uid, gid } = await userOf({ config, files });
      const words = [
        ...['--pid', '--fork', '--mount', '--kill-child', '--root', files, '--wd', config.WorkingDir],
        ...['--setgid', gid, '--setuid', uid, '--', ...command],
      ];
      const own = Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s) as [string, string]));
      const child = spawn('unshare', words, { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      onTestFinished(async () => {
        // --kill-child alone spares processes that have changed their user: the kernel forgets the wish then.
        for (const pid of await childrenOf(child)) process.kill(pid, 'SIGKILL');
        child.kill('SIGKILL');
      });
      return child;
    }

    interface Container {
      port: number;
      /** As the host sees it; inside it is process 1. */
      pid: number;
      env: Record<string, string>;
      logged: (text: string) => Promise<void>;
      exited: Promise<unknown[]>;
    }

    /** Starts what the image starts, and waits until it listens. */
    async function serve(of: Image): Promise<Container> {
      const env = {
        PORT: String(await freePort()),
        MCP_API_KEY: token,
        OPENWEATHER_API_KEY: 'an-upstream-key',
        WEATHER_BASE_URL: upstream.url,
      };
      const child = await start(of, [...(of.config.Entrypoint ?? []), ...of.config.Cmd], env);
      const exited = once(child, 'exit');
      const lines: string[] = [];
      const waiting = new Set<() => void>();
      if (child.stdout === null || child.pid === undefined) throw new Error('unshare did not start');
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        for (const look of waiting) look();
      });
      const logged = (text: string) =>
        new Promise<void>((resolve, reject) => {
          const look = () => lines.some((line) => line.includes(text)) && resolve();
          waiting.add(look);
          look();
          exited.then(() => reject(new Error(`ended without "${text}": ${lines.join('\n')}`)));
        });
      await logged('"message":"ready"');
      const [pid = 0] = await childrenOf(child);
      return { port: Number(env.PORT), pid, env, logged, exited };
    }

    function call(port: number, city: string): Promise<Response> {
      return fetch(`http://127.0.0.1:${port}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
          params: { name: 'get_weather', arguments: { city } },
        }),
      });
    }

    test('says how it wants to be run', () => {
      const { config } = image;
      expect(config).toMatchObject({
        User: 'node',
        Cmd: ['node', 'dist/index.js'],
        WorkingDir: '/app',
        StopSignal: 'SIGTERM',
        ExposedPorts: { '3000/tcp': {} },
      });
      expect(config.Env).toEqual(
        expect.arrayContaining(['NODE_ENV=production', 'HOST=0.0.0.0', 'PORT=3000']),
      );
      expect(config.Entrypoint ?? []).toEqual([]);
    });

    test('holds what runs, and nothing else', async () => {
      const { config, files } = image;
      const app = join(files, 'app');
      expect((await readdir(app)).sort()).toEqual(['dist', 'package.json']);
      // The key in the project's .env is nowhere.
      const found = await run('grep', ['-rlI', 'ab'.repeat(32), app]);
      expect(found.output).toBe('');
      expect(JSON.stringify(config)).not.toContain('ab'.repeat(32));
    });

    test('lists the packages in its bundle, with their versions', async () => {
      const { bomFormat, specVersion, components } = JSON.parse(await bomOf(image));
      expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.6']);
      const listed = (components as { purl: string }[]).map(({ purl }) => purl);
      const { dependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
      const bundled = ['fastify', 'pino', '@modelcontextprotocol/server'].map(
        (name) => `pkg:npm/${name.replace('@', '%40')}@${dependencies[name]}`,
      );
      expect(listed).toEqual(expect.arrayContaining(bundled));
      expect(listed).toEqual([...new Set<string>(listed)].sort());
      expect(listed.join()).not.toMatch(/vitest|typescript|rolldown/);
      for (const component of components) expect(component).toHaveProperty('licenses');
    });

    test('belongs to root: the server cannot change its own code', async () => {
      for (const path of ['app', 'app/dist/index.js', 'app/package.json']) {
        const { uid, mode } = await stat(join(image.files, path));
        expect([path, uid, mode & 0o022]).toEqual([path, 0, 0]);
      }
    });

    test('serves as process 1 of an unprivileged user, on all addresses', async () => {
      upstream.mode = 'answer';
      const { port, pid } = await serve(image);
      expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({
        status: 'healthy',
      });
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      expect(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1]).toBe('1');
      expect(/^CapEff:\s+(.*)$/m.exec(status)?.[1]).toMatch(/^0+$/);
      expect(await listenerOn(port)).toEqual({ address: '0.0.0.0', uid: 1000 });
    });

    test('its health check succeeds while the process serves, whatever the weather service does', async () => {
      upstream.mode = 'fail';
      const { env, port } = await serve(image);
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503);
      const [kind, ...command] = image.config.Healthcheck.Test;
      expect(kind).toBe('CMD');
      expect(await once(await start(image, command, env), 'exit')).toEqual([0, null]);

      const elsewhere = { ...env, PORT: String(await freePort()) };
      expect(await once(await start(image, command, elsewhere), 'exit')).toEqual([1, null]);
    });

    test('SIGTERM lets the call in flight finish, and it exits with 0', async () => {
      const { port, pid, logged, exited } = await serve(image);
      upstream.mode = 'hold';
      const before = upstream.requests.length;
      const answer = call(port, 'Quito');
      await upstream.received(before + 1);
      process.kill(pid, image.config.StopSignal as NodeJS.Signals);
      await logged('shutting down');
      upstream.release();
      const response = await answer;
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('"structuredContent"');
      expect(await exited).toEqual([0, null]);
    });

    test('an image that runs as root, or behind a shell, is noticed', { timeout: 240_000 }, async () => {
      upstream.mode = 'answer';
      await change(project, 'Dockerfile', '\nUSER node\n', '\n');
      const behindShell = 'CMD ["sh", "-c", "node dist/index.js; true"]';
      await change(project, 'Dockerfile', 'CMD ["node", "dist/index.js"]', behindShell);
      const worse = await build(`${slug}-worse`);
      expect(await bomOf(worse)).toBe(await bomOf(image));
      const { port, pid, exited } = await serve(worse);
      expect(await listenerOn(port)).toMatchObject({ uid: 0 });
      // Process 1 is a shell without a handler: it does not even hear it.
      process.kill(pid, 'SIGTERM');
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
      process.kill(pid, 'SIGKILL');
      expect(await exited).not.toEqual([0, null]);
    });
  },
);

const bomOf = ({ files }: Image): Promise<string> => readFile(join(files, 'app/dist/sbom.cdx.json'), 'utf8');

/** The numbers of the user that an image names, from its own list. */
async function userOf({ config, files }: Image): Promise<{ uid: string; gid: string }> {
  const users = (await readFile(join(files, 'etc/passwd'), 'utf8'))
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid = '', gid = ''] = users.find(([name]) => name === (config.User || 'root')) ?? [];
  return { uid, gid };
}

/** None when the process has ended. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}

/** Who listens on a port, from the kernel's list of sockets: address and port in hexadecimal, 0A for listening, the user. */
async function listenerOn(port: number): Promise<{ address: string; uid: number } | undefined> {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n')) {
    const [, local = '', , state, , , , uid] = line.trim().split(/\s+/);
    if (!local.endsWith(ending) || state !== '0A') continue;
    const bytes = Buffer.from(local.slice(0, 8), 'hex').reverse();
    return { address: [...bytes].join('.'), uid: Number(uid) };
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
