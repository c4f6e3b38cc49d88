import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { containerImages } from '../../src/scaffold/container-images.ts';
import { imageValues } from '../../src/scaffold/image-values.ts';
import { type PackageManager, packageManagers } from '../../src/scaffold/package-managers.ts';
import { createPlan, type Plan } from '../../src/scaffold/plan.ts';
import { render, renderedPath } from '../../src/scaffold/render.ts';
import { withDefaults } from '../../src/scaffold/selections.ts';

const secrets = { mcpApiKey: 'ab'.repeat(32), toolVersion: '1.2.3' };
const pm = packageManagers.npm as PackageManager;
const values = {
  name: '@acme/w',
  slug: 'w',
  pm,
  image: imageValues(pm),
  images: containerImages,
  minScore: 100,
  ...secrets,
};

function planFor(deploy: string[], name = 'my-weather'): Promise<Plan> {
  return createPlan(
    { directory: '/somewhere/my-weather', name, selections: withDefaults({ deploy }) },
    secrets,
  );
}

const contentsOf = (plan: Plan, path: string) =>
  plan.files.find((file) => file.path === path)?.contents ?? '';
const pathsOf = (plan: Plan) => plan.files.map(({ path }) => path);

describe('a choice adds whole files', () => {
  const deployed = ['.dockerignore', 'Dockerfile', 'compose.yaml'];

  test.each([
    [[], []],
    [['docker'], ['.dockerignore', 'Dockerfile']],
    [['docker', 'compose'], deployed],
  ])('%j', async (deploy, files) => {
    const plan = await planFor(deploy);
    expect(pathsOf(plan).filter((path) => deployed.includes(path))).toEqual(files);
    const readme = contentsOf(plan, 'README.md');
    expect(/^## Docker$/m.test(readme)).toBe(deploy.includes('docker'));
    expect(/^## Docker Compose$/m.test(readme)).toBe(deploy.includes('compose'));
  });
});

describe('the plan', () => {
  test('has every file under its final name', async () => {
    const paths = pathsOf(await planFor(['docker', 'compose']));
    expect(paths).toEqual([...paths].sort());
    for (const file of ['.gitignore', '.npmrc', '.env', '.env.example', 'README.md', 'src/index.ts']) {
      expect(paths).toContain(file);
    }
    expect(paths.filter((path) => /\.hbs$|(^|\/)_|\.d\/|node_modules|(^|\/)dist\//.test(path))).toEqual([]);
  });

  test('keeps the secrets private: one file, readable by its owner, ignored by git and by the image', async () => {
    const plan = await planFor(['docker', 'compose']);
    const holders = plan.files.filter(({ contents }) => contents.includes(secrets.mcpApiKey));
    expect(holders.map(({ path, mode }) => [path, mode])).toEqual([['.env', 0o600]]);
    expect(contentsOf(plan, '.gitignore')).toMatch(/^\.env$/m);
    expect(contentsOf(plan, '.dockerignore')).toMatch(/^\.env$/m);
    expect(contentsOf(plan, '.env')).toMatch(/^OPENWEATHER_API_KEY=$/m);
  });

  test('locks exactly the dependencies of package.json', async () => {
    const plan = await planFor([]);
    const manifest = JSON.parse(contentsOf(plan, 'package.json'));
    const lock = JSON.parse(contentsOf(plan, 'package-lock.json'));
    expect(lock.packages['']).toMatchObject({
      name: manifest.name,
      version: manifest.version,
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    const versions = [...Object.values(manifest.dependencies), ...Object.values(manifest.devDependencies)];
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    // The lockfile must work with any registry.
    expect(contentsOf(plan, 'package-lock.json')).not.toContain('"resolved"');
  });
});

describe('deployment files', () => {
  test('the image runs node as an unprivileged user, from a pinned base and the lock file', async () => {
    const dockerfile = contentsOf(await planFor(['docker']), 'Dockerfile');
    expect(dockerfile.match(/^FROM (\S+)/gm)).toEqual(Array(2).fill(`FROM ${containerImages.node}`));
    expect(dockerfile).toMatch(/^RUN npm ci /m);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/HEALTHCHECK [\s\S]*\/livez`/);
    expect(dockerfile).toMatch(/^CMD \["node", "dist\/index\.js"\]$/m);
  });

  test('compose restarts, limits and confines the server, and lets it drain', async () => {
    const { services } = parse(contentsOf(await planFor(['docker', 'compose']), 'compose.yaml'));
    expect(services['my-weather']).toMatchObject({
      restart: 'unless-stopped',
      init: true,
      env_file: '.env',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { driver: 'json-file', options: { 'max-size': '10m' } },
      deploy: { resources: { limits: { memory: expect.any(String), cpus: expect.any(String) } } },
    });
    expect(Number.parseInt(services['my-weather'].stop_grace_period, 10)).toBeGreaterThan(10);
  });
});

test.each([
  ['full', []],
  ['basic', ['log-aggregation/collector-declared']],
  [
    'none',
    [
      'log-aggregation/collector-declared',
      'error-alerting/rule-declared',
      'error-alerting/failure-raises-alert',
      'metrics/exposed',
    ],
  ],
])(
  '--observability %s: the configuration attests what the choice says of the platform, and the README asks for it',
  async (value, keys) => {
    const selections = withDefaults({ observability: [value] });
    const plan = await createPlan({ directory: '/somewhere/w', name: 'w', selections }, secrets);
    const { attest = {} } = JSON.parse(contentsOf(plan, 'mcp-prod.config.json'));
    expect(Object.keys(attest)).toEqual(keys);
    for (const statement of Object.values(attest)) {
      expect(statement).toMatch(`Chosen at init (--observability ${value}): the platform `);
    }
    expect(/^## Before production$/m.test(contentsOf(plan, 'README.md'))).toBe(keys.length > 0);
  },
);

describe('names', () => {
  test.each(['@acme/we_ather', '1', 'null', 'a.b-c'])('%s stays a string in every file', async (name) => {
    const plan = await planFor(['docker', 'compose'], name);
    expect(JSON.parse(contentsOf(plan, 'package.json')).name).toBe(name);
    expect(JSON.parse(contentsOf(plan, 'package-lock.json')).name).toBe(name);
    expect(contentsOf(plan, 'README.md').split('\n')[0]).toBe(`# ${name}`);
  });

  test('cannot escape a JSON string, and are never rendered as templates', () => {
    const name = '"},"scripts":{"postinstall":"evil"},"x":{"y":"{{mcpApiKey}}\n<b>\\';
    expect(JSON.parse(render('{ "name": {{json name}} }', { ...values, name }))).toEqual({ name });
  });

  test('a template that uses an unknown value does not render', () => {
    expect(() => render('{{unknown}}', values)).toThrow(/unknown/);
  });
});

test.each([
  ['_gitignore', '.gitignore'],
  ['_env.hbs', '.env'],
  ['folder/_npmrc', 'folder/.npmrc'],
  ['_github/workflows/_x.yml', '.github/workflows/.x.yml'],
  ['deploy/systemd/{{slug}}.service.hbs', 'deploy/systemd/w.service'],
  ['src/snake_case.ts', 'src/snake_case.ts'],
  ['package.json.hbs', 'package.json'],
])('%s is written as %s', (template, path) => {
  expect(renderedPath(template, values)).toBe(path);
});
