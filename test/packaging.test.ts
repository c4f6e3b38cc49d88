import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let packed: { files: { path: string }[] };

/** As a user elsewhere: the tarball, installed into an empty project, run by npx. */
const npx = (...args: string[]) =>
  execa('npx', ['--no-install', 'mcp-prod', ...args], { cwd: folder, reject: false, stdin: 'ignore' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-package-'));
  // The scripts are left out: `npm test` has just built, and a build would pull dist/ away under the other suites.
  const { stdout } = await execa(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--loglevel=error'],
    { cwd: root },
  );
  [packed] = JSON.parse(stdout);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack wrote no tarball.');
  await execa('npm', ['init', '--yes', '--loglevel=error'], { cwd: folder });
  await execa('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`], {
    cwd: folder,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('carries what runs, the templates and the schemas, and nothing else', () => {
    const tops = new Set(packed.files.map(({ path }) => path.split('/')[0]));
    expect([...tops].sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'schema', 'templates'],
    ]);
    expect(packed.files.filter(({ path }) => /node_modules|\.env$|\.npmrc$|\.gitignore$/.test(path))).toEqual(
      [],
    );
  });

  it('needs no other package, and carries the licences of those that are part of it', async () => {
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    const dist = join(folder, 'node_modules/mcp-prod/dist');
    const files = (await readdir(dist)).filter((file) => file.endsWith('.js'));
    const codes = await Promise.all(files.map((file) => readFile(join(dist, file), 'utf8')));
    const imported = codes.flatMap((code) =>
      [...code.matchAll(/^(?:import|export) (?:.* from )?"([^"]+)";$/gm)].map(([, name = '']) => name),
    );
    expect(imported).toContain('node:fs');
    expect(imported.filter((name) => !name.startsWith('./') && !isBuiltin(name))).toEqual([]);
    const notices = await readFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^undici \d\S+ \(MIT\)\n\n[\s\S]{0,200}^Permission is hereby granted/m);
  });

  it('has what the source looks for beside itself', async () => {
    const source = join(root, 'src');
    const modules = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const codes = await Promise.all(modules.map((file) => readFile(join(source, file), 'utf8')));
    const beside = codes.flatMap((code) =>
      [...code.matchAll(/new URL\(['"`]\.\/([\w./-]+)/g)].map(([, name = '']) => `dist/${name}`),
    );
    expect(beside.length).toBeGreaterThan(2);
    const missing = beside.filter((name) => !packed.files.some(({ path }) => path.startsWith(name)));
    expect(missing).toEqual([]);
    // What lies elsewhere is found from the package's root, the one place that is as far up in both.
    const above = modules.filter((_, at) => /new URL\(['"`]\.\.\//.test(codes[at] ?? ''));
    expect(above).toEqual(['package-root.ts']);
  });

  it('answers --version and --help', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await npx('--version')).toMatchObject({ exitCode: 0, stdout: version });
    expect((await npx('--help')).stdout).toMatch(/init .*\n[\s\S]*audit /);
  });

  it('says that a server cannot be reached', async () => {
    const { exitCode, stderr } = await npx('audit', 'http://127.0.0.1:1/mcp');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^mcp-prod: Nothing listens/m),
    });
  });

  it('generates a project, and audits its files', async () => {
    const created = await npx('init', 'weather', '--yes', '--no-install', '--no-git');
    expect(created, created.stderr).toMatchObject({ exitCode: 0 });
    const files = await readdir(join(folder, 'weather'));
    expect(files).toEqual(
      expect.arrayContaining(['.env', '.gitignore', '.dockerignore', 'Dockerfile', 'package.json', 'src']),
    );
    const audited = await npx('audit', 'weather', '--format', 'json');
    expect(audited, audited.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(audited.stdout)).toMatchObject({ points: { lost: 0 }, target: { project: 'weather' } });
  });
});
