import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { everyDependency } from '../../scripts/template-manifest.ts';
import { type Lockfile, pruneLockfile } from '../../src/scaffold/lockfile.ts';
import { createPlan } from '../../src/scaffold/plan.ts';
import { type Selections, withDefaults } from '../../src/scaffold/selections.ts';
import { templatesRoot } from '../../src/scaffold/templates.ts';

const manifest = { name: 'p', version: '1.0.0', engines: { node: '>=20' } };

function lockfileOf(packages: Record<string, object>): Lockfile {
  return { name: 'all', version: '0.1.0', lockfileVersion: 3, requires: true, packages };
}

describe('a pruned lockfile', () => {
  test('contains the packages that the manifest reaches, resolved as Node does', () => {
    const lockfile = lockfileOf({
      '': { name: 'all', dependencies: { a: '1', b: '1', c: '2' } },
      'node_modules/a': { version: '1', dependencies: { '@s/c': '1', d: '1' } },
      'node_modules/a/node_modules/@s/c': { version: '1', dependencies: { d: '1' } },
      'node_modules/b': { version: '1', dependencies: { '@s/c': '2' } },
      'node_modules/@s/c': { version: '2' },
      'node_modules/d': { version: '1' },
    });
    const { name, version, packages } = pruneLockfile(lockfile, { ...manifest, dependencies: { a: '1' } });
    expect([name, version]).toEqual(['p', '1.0.0']);
    expect(Object.keys(packages)).toEqual([
      ...['', 'node_modules/a', 'node_modules/a/node_modules/@s/c', 'node_modules/d'],
    ]);
    expect(packages['']).toEqual({ ...manifest, dependencies: { a: '1' } });
  });

  test('includes peers, but optional ones only if another package needs them', () => {
    const lockfile = lockfileOf({
      '': { dependencies: { a: '1', x: '1' } },
      'node_modules/a': {
        version: '1',
        peerDependencies: { needed: '1', x: '1' },
        peerDependenciesMeta: { x: { optional: true } },
      },
      'node_modules/needed': { version: '1' },
      'node_modules/x': { version: '1' },
    });
    const names = (dependencies: Record<string, string>) =>
      Object.keys(pruneLockfile(lockfile, { ...manifest, dependencies }).packages);
    expect(names({ a: '1' })).toEqual(['', 'node_modules/a', 'node_modules/needed']);
    expect(names({ a: '1', x: '1' })).toContain('node_modules/x');
  });

  test('sets the flags of a package from all paths to it', () => {
    const lockfile = lockfileOf({
      '': {},
      'node_modules/tool': { version: '1', dev: true, dependencies: { both: '1', shared: '1' } },
      'node_modules/app': {
        version: '1',
        dependencies: { shared: '1' },
        optionalDependencies: { native: '1', both: '1' },
        peerDependencies: { peer: '1' },
      },
      'node_modules/shared': { version: '1', dev: true },
      'node_modules/both': { version: '1' },
      'node_modules/native': { version: '1', license: 'MIT', cpu: ['x64'], engines: { node: '>=20' } },
      'node_modules/peer': { version: '1' },
    });
    const { packages } = pruneLockfile(lockfile, {
      ...manifest,
      dependencies: { app: '1' },
      devDependencies: { tool: '1' },
    });
    expect(packages).toMatchObject({
      'node_modules/tool': { dev: true },
      'node_modules/both': { devOptional: true },
      'node_modules/native': { optional: true },
      'node_modules/peer': { peer: true },
    });
    expect(packages['node_modules/shared']).toEqual({ version: '1' });
    expect(packages['node_modules/app']).not.toHaveProperty('dev');
    // npm's order: plain values and arrays before objects.
    expect(Object.keys(packages['node_modules/native'] ?? {})).toEqual([
      ...['version', 'cpu', 'license', 'optional', 'engines'],
    ]);
  });
});

describe('the lockfile template', () => {
  let template: Lockfile;
  beforeAll(async () => {
    const path = join(templatesRoot, 'package-manager/npm/package-lock.json');
    template = JSON.parse(await readFile(path, 'utf8'));
  });

  test('locks the dependencies of all template folders ("npm run template-lockfile" updates it)', async () => {
    const { dependencies, devDependencies } = (await everyDependency()) as Record<
      string,
      Record<string, string>
    >;
    expect(template.packages['']).toMatchObject({ dependencies, devDependencies });
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(template.packages[`node_modules/${name}`], name).toMatchObject({ version });
    }
  });

  test('names no registry: a project installs from the registry that the machine uses', () => {
    expect(JSON.stringify(template)).not.toContain('"resolved"');
  });
});

describe('npm does not change the lockfile of a project', () => {
  test.each<Record<string, string[]>>([
    {},
    { auth: ['none'], observability: ['none'], provider: ['open-meteo'] },
    { auth: ['oauth'], store: ['redis'], sse: ['on'], observability: ['full'] },
    { store: ['redis'], observability: ['none'], sse: ['on'] },
  ])('%j', async (selections: Selections) => {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-lockfile-'));
    try {
      const answers = { directory: folder, name: '@acme/w', selections: withDefaults(selections) };
      const { files } = await createPlan(answers, { mcpApiKey: '', toolVersion: '1.2.3' });
      for (const { path, contents } of files) {
        if (/^(package(-lock)?\.json|\.npmrc)$/.test(path)) await writeFile(join(folder, path), contents);
      }
      const before = await readFile(join(folder, 'package-lock.json'), 'utf8');
      const words = ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline', '--no-audit'];
      await execa('npm', [...words, '--omit-lockfile-registry-resolved'], { cwd: folder });
      const after = await readFile(join(folder, 'package-lock.json'), 'utf8');
      expect(withoutLibc(after)).toBe(withoutLibc(before));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  /** npm 10 drops this field, and npm 11 writes it. */
  function withoutLibc(text: string): string {
    return text.replace(/ *"libc": \[[^\]]*\],\n/g, '');
  }
});
