import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Choices, change, generate, slug } from './support.ts';

const ajv = new Ajv({ allErrors: true, strict: true });

/** An object of these properties, of which the named ones are required, and no others. */
function only(properties: Record<string, unknown>, ...required: string[]) {
  return { type: 'object', properties, required, additionalProperties: false } as const;
}
const string = { type: 'string' } as const;
const count = { type: 'integer', minimum: 1 } as const;
const duration = { type: 'string', pattern: '^\\d+(ms|s|m)$' } as const;
const path = { type: 'string', pattern: '^/' } as const;

/** The part of https://fly.io/docs/reference/configuration/ that is used. */
const flySchema = only(
  {
    app: { type: 'string', pattern: '^[a-z0-9-]+$' },
    primary_region: { type: 'string', pattern: '^[a-z]{3}$' },
    kill_signal: { enum: ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL', 'SIGSTOP'] },
    kill_timeout: duration,
    build: only({ dockerfile: string }, 'dockerfile'),
    env: { type: 'object', additionalProperties: string },
    deploy: only({ strategy: { enum: ['canary', 'rolling', 'bluegreen', 'immediate'] } }),
    http_service: only(
      {
        internal_port: count,
        force_https: { type: 'boolean' },
        auto_stop_machines: { enum: ['off', 'stop', 'suspend'] },
        auto_start_machines: { type: 'boolean' },
        concurrency: only({
          type: { enum: ['connections', 'requests'] },
          soft_limit: count,
          hard_limit: count,
        }),
        http_options: only({ idle_timeout: count }),
        checks: {
          type: 'array',
          items: only(
            { method: string, path, interval: duration, timeout: duration, grace_period: duration },
            'path',
          ),
        },
      },
      'internal_port',
    ),
    metrics: only({ port: count, path }, 'port', 'path'),
    restart: {
      type: 'array',
      items: only({ policy: { enum: ['always', 'never', 'on-failure'] } }, 'policy'),
    },
    vm: {
      type: 'array',
      items: only({ size: string, memory: { type: 'string', pattern: '^\\d+(mb|gb)$' } }),
    },
  },
  'app',
  'http_service',
);

const variable = {
  oneOf: [
    only({ key: string, value: string }, 'key', 'value'),
    // Asked for once, and kept by Render.
    only({ key: string, sync: { const: false } }, 'key', 'sync'),
    only({ key: string, generateValue: { const: true } }, 'key', 'generateValue'),
    only(
      {
        key: string,
        fromService: only(
          {
            type: { const: 'keyvalue' },
            name: string,
            property: { enum: ['connectionString', 'host', 'port'] },
          },
          'type',
          'name',
          'property',
        ),
      },
      'key',
      'fromService',
    ),
  ],
} as const;

/** The part of https://render.com/docs/blueprint-spec that is used. */
const renderSchema = only(
  {
    services: {
      type: 'array',
      items: {
        oneOf: [
          only(
            {
              type: { const: 'web' },
              name: string,
              runtime: { const: 'docker' },
              dockerfilePath: string,
              plan: { enum: ['free', 'starter', 'standard', 'pro'] },
              numInstances: count,
              healthCheckPath: path,
              maxShutdownDelaySeconds: { type: 'integer', minimum: 1, maximum: 300 },
              envVars: { type: 'array', items: variable },
            },
            'type',
            'name',
            'runtime',
          ),
          only(
            {
              type: { const: 'keyvalue' },
              name: string,
              plan: { enum: ['free', 'starter', 'standard', 'pro'] },
              maxmemoryPolicy: { enum: ['noeviction', 'allkeys-lru', 'volatile-ttl'] },
              // Required by Render for this type: an empty list keeps strangers out.
              ipAllowList: { type: 'array', maxItems: 0 },
            },
            'type',
            'name',
            'ipAllowList',
          ),
        ],
      },
    },
  },
  'services',
);

const readers = {
  'fly.toml': { read: (text: string) => parseToml(text), fits: ajv.compile(flySchema) },
  'render.yaml': { read: (text: string): unknown => parse(text), fits: ajv.compile(renderSchema) },
} as const;

/** What is wrong with a platform's file; empty when it fits. */
async function problems(project: string, file: keyof typeof readers): Promise<string> {
  const { read, fits } = readers[file];
  if (fits(read(await readFile(join(project, file), 'utf8')))) return '';
  return (fits.errors ?? [])
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join('\n');
}

async function fly(choices: Choices = {}) {
  const project = await generate({ deploy: 'fly', ...choices });
  return parseToml(await readFile(join(project, 'fly.toml'), 'utf8'));
}

async function render(choices: Choices = {}) {
  const project = await generate({ deploy: 'render', ...choices });
  const { services } = parse(await readFile(join(project, 'render.yaml'), 'utf8'));
  return services as { type: string; envVars: ({ key: string } & Record<string, unknown>)[] }[];
}

const all: Choices[] = [
  {},
  { auth: 'oauth', store: 'redis', provider: 'open-meteo', sse: 'on', observability: 'full' },
  { auth: 'none', provider: 'open-meteo', observability: 'none' },
];

describe('fly.toml', () => {
  test.each(all)('%j: has only keys and values that are documented', async (choices) => {
    expect(await problems(await generate({ deploy: 'fly', ...choices }), 'fly.toml')).toBe('');
  });

  test('drains, checks readiness, restarts, bounds, and opens the name that Fly gives', async () => {
    expect(await fly()).toMatchObject({
      app: slug,
      kill_signal: 'SIGTERM',
      kill_timeout: '30s',
      env: { ALLOWED_HOSTS: `${slug}.fly.dev` },
      http_service: {
        internal_port: 3000,
        force_https: true,
        concurrency: { type: 'requests', hard_limit: expect.any(Number) },
        checks: [{ path: '/readyz' }],
      },
      restart: [{ policy: 'always' }],
    });
  });

  test('holds no secret', async () => {
    expect(Object.keys((await fly()).env as object)).toEqual(['LOG_LEVEL', 'ALLOWED_HOSTS', 'METRICS_PORT']);
  });

  test('metrics are on a port that only the private network reaches, where Fly reads them', async () => {
    const { env, metrics, http_service, services } = (await fly()) as Record<string, Record<string, unknown>>;
    expect(metrics).toEqual({ port: Number(env?.METRICS_PORT), path: '/metrics' });
    expect(http_service?.internal_port).not.toBe(metrics?.port);
    expect(services).toBeUndefined();
  });

  test('says nothing of metrics where there are none', async () => {
    const { env, metrics } = (await fly({ observability: 'none' })) as Record<string, object | undefined>;
    expect(env).not.toHaveProperty('METRICS_PORT');
    expect(metrics).toBeUndefined();
  });

  test.each([
    ['an unknown key', 'kill_timeout', 'kil_timeout', /kil_timeout/],
    ['a key in the wrong table', '  path = "/readyz"', '  paths = ["/readyz"]', /paths/],
    ['an unknown value', '"SIGTERM"', '"SIGTERN"', /kill_signal/],
  ])('%s is noticed', async (_what, from, to, complaint) => {
    const project = await generate({ deploy: 'fly' });
    await change(project, 'fly.toml', from, to);
    expect(await problems(project, 'fly.toml')).toMatch(complaint);
  });
});

describe('render.yaml', () => {
  test.each(all)('%j: has only keys and values that are documented', async (choices) => {
    expect(await problems(await generate({ deploy: 'render', ...choices }), 'render.yaml')).toBe('');
  });

  test('drains, checks readiness, and opens the name that Render gives', async () => {
    expect(await render()).toMatchObject([
      {
        type: 'web',
        runtime: 'docker',
        healthCheckPath: '/readyz',
        maxShutdownDelaySeconds: 30,
        envVars: expect.arrayContaining([{ key: 'ALLOWED_HOSTS', value: `${slug}.onrender.com` }]),
      },
    ]);
  });

  test.each<[Choices, string[]]>([
    [{}, ['OPENWEATHER_API_KEY', 'MCP_API_KEY', 'METRICS_TOKEN']],
    [{ auth: 'none', provider: 'open-meteo', observability: 'none' }, []],
    [
      { auth: 'oauth', provider: 'open-meteo', store: 'redis' },
      ['PUBLIC_URL', 'OAUTH_ISSUER', 'OAUTH_AUDIENCE', 'REDIS_URL', 'METRICS_TOKEN'],
    ],
  ])('%j: the values that are yours are asked for, made or looked up', async (choices, keys) => {
    const [web] = await render(choices);
    const without = web?.envVars.filter((entry) => !('value' in entry)).map(({ key }) => key);
    expect(without).toEqual(keys);
  });

  test('Redis is closed to the outside', async () => {
    const [, store] = await render({ store: 'redis' });
    expect(store).toMatchObject({ type: 'keyvalue', ipAllowList: [], maxmemoryPolicy: 'allkeys-lru' });
  });

  test.each([
    ['an unknown key', 'healthCheckPath', 'healthcheckPath', /healthcheckPath/],
    ['a secret in the file', 'sync: false', 'value: 12345678\n        sync: false', /envVars/],
    ['an unknown value', 'runtime: docker', 'runtime: dcoker', /runtime/],
  ])('%s is noticed', async (_what, from, to, complaint) => {
    const project = await generate({ deploy: 'render' });
    await change(project, 'render.yaml', from, to);
    expect(await problems(project, 'render.yaml')).toMatch(complaint);
  });
});
