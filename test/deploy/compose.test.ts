import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { slugOf } from '../../src/scaffold/package-name.ts';
import { type Choices, change, generate, lacks, run, slug } from './support.ts';

interface Service {
  image?: string;
  restart?: string;
  ports?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  volumes?: string[];
  profiles?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
  deploy?: { resources?: { limits?: { memory?: string } } };
  logging?: { options?: Record<string, string> };
  networks?: Record<string, unknown>;
}

interface Composition {
  services: Record<string, Service>;
  networks?: Record<string, { internal?: boolean }>;
}

/** What Docker Compose makes of the project's file: interpolated, merged, and held against its schema. */
async function config(project: string): Promise<{ exitCode: number | undefined; output: string }> {
  const env = { COMPOSE_PROFILES: 'observability' };
  return run('docker-compose', ['config'], { cwd: project, env });
}

async function composition(choices: Choices): Promise<{ project: string; made: Composition }> {
  const project = await generate(choices);
  const { exitCode, output } = await config(project);
  expect(exitCode, output).toBe(0);
  return { project, made: parse(output) };
}

describe.skipIf(lacks('docker-compose', 'docker-compose'))('compose.yaml', () => {
  test.each([
    [{}, [slug]],
    [{ observability: 'none' }, [slug]],
    [{ store: 'redis' }, [slug, 'redis']],
    [{ auth: 'oauth', provider: 'open-meteo', sse: 'on' }, [slug]],
    [
      { store: 'redis', observability: 'full' },
      [slug, 'alertmanager', 'alloy', 'grafana', 'jaeger', 'loki', 'prometheus', 'redis'],
    ],
  ])('%j: Docker Compose accepts it, and every service is hardened', async (choices: Choices, names) => {
    const { project, made } = await composition(choices);
    expect(Object.keys(made.services).sort()).toEqual(names);
    for (const [name, service] of Object.entries(made.services)) {
      expect(service, name).toMatchObject({
        restart: 'unless-stopped',
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        read_only: true,
        logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
        deploy: { resources: { limits: { memory: expect.any(String) } } },
      });
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (name !== slug) expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?@sha256:[0-9a-f]{64}$/);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith(project)) expect(existsSync(source), source).toBe(true);
      }
    }
  });

  test('a server with the name of a service beside it gets another name', async () => {
    const names = Object.keys((await composition({ store: 'redis', observability: 'full' })).made.services);
    for (const name of names) expect(slugOf(name), name).toBe(name === slug ? slug : `mcp-${name}`);
    const { exitCode, output } = await config(
      await generate({ store: 'redis', observability: 'full' }, '@acme/redis'),
    );
    expect(exitCode, output).toBe(0);
    expect(Object.keys(parse(output).services)).toEqual(expect.arrayContaining(['mcp-redis', 'redis']));
  });

  test('a stop leaves the server more time than it takes itself', async () => {
    const { made } = await composition({});
    expect(made.services[slug]?.stop_grace_period).toBe('20s');
    expect(made.services[slug]?.environment?.SHUTDOWN_TIMEOUT_MS).toBeUndefined();
  });

  test.each([
    ['the line in .env', 'weather.example.com', ['weather.example.com', slug]],
    ['no line in .env', '', ['localhost', slug]],
  ])('the other services may call the server by its name, with %s', async (_what, hosts, allowed) => {
    const project = await generate({});
    await appendFile(join(project, '.env'), `\nALLOWED_HOSTS=${hosts}\n`);
    const { exitCode, output } = await config(project);
    expect(exitCode, output).toBe(0);
    const { services } = parse(output) as Composition;
    expect(services[slug]?.environment?.ALLOWED_HOSTS?.split(',')).toEqual(allowed);
  });

  test('Redis is reachable by the server only, and forgets instead of refusing when it is full', async () => {
    const { made } = await composition({ store: 'redis', observability: 'full' });
    expect(made.services.redis).not.toHaveProperty('ports');
    expect(made.services.redis).toMatchObject({
      command: expect.arrayContaining(['--maxmemory-policy', 'allkeys-lru']),
    });
    expect(made.networks?.store?.internal).toBe(true);
    const onStore = Object.entries(made.services).filter(
      ([, { networks }]) => networks && 'store' in networks,
    );
    expect(onStore.map(([name]) => name).sort()).toEqual([slug, 'redis']);
    expect(made.services[slug]).toMatchObject({
      environment: { REDIS_URL: 'redis://redis:6379' },
      depends_on: { redis: { condition: 'service_healthy' } },
    });
  });

  test('what observes the server starts only with its profile', async () => {
    const { made } = await composition({ observability: 'full' });
    const always = Object.entries(made.services).filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name)).toEqual([slug]);
  });

  test('the address for alerts is a file that git does not see', async () => {
    const { project } = await composition({ observability: 'full' });
    await run('git', ['init', '--quiet'], { cwd: project });
    const path = 'deploy/observability/secrets/alert-webhook-url';
    expect((await run('git', ['check-ignore', path], { cwd: project })).exitCode).toBe(0);
    expect(existsSync(join(project, path))).toBe(false);
  });

  test.each([
    ['an unknown key', '    read_only: true', '    read_onli: true'],
    ['a wrong type', '    init: true', '    init: [1]'],
    [
      'a volume without definition',
      '    read_only: true',
      '    volumes: [nowhere:/data]\n    read_only: true',
    ],
  ])('%s is noticed', async (_what, from, to) => {
    const project = await generate({});
    await change(project, 'compose.yaml', from, to);
    expect((await config(project)).exitCode).not.toBe(0);
  });
});
