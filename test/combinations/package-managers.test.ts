import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type PackageManager, packageManagers, pinnedVersions } from '../../src/scaffold/package-managers.ts';
import { generateProject, portIn, startGenerated } from '../support/generated-server.ts';

/** A package of each that brings the command. */
const packages = { pnpm: 'pnpm', yarn: '@yarnpkg/cli-dist', bun: 'bun' } as const;
const names = Object.keys(packages) as (keyof typeof packages)[];

let tools: string;
const pathBefore = process.env.PATH;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'mcp-prod-managers-'));
  const wanted = names.map((name) => `${packages[name]}@${pinnedVersions[name]}`);
  await execa('npm', ['install', '--prefix', tools, '--no-audit', '--no-fund', '--no-save', ...wanted]);
  // The command under test finds them as it would on a machine that has them.
  process.env.PATH = `${join(tools, 'node_modules/.bin')}${delimiter}${pathBefore}`;
});
afterAll(async () => {
  process.env.PATH = pathBefore;
  await rm(tools, { recursive: true, force: true });
});

/** A command line as it stands in documentation and Dockerfiles. */
const shell = (line: string, cwd: string) =>
  execa('sh', ['-c', line], { cwd, env: { NO_COLOR: '1', PORT: 'none' }, stdin: 'ignore' });

describe.each(names)('a project with %s', (name) => {
  const pm = packageManagers[name] as PackageManager;
  let project: string;
  beforeAll(async () => {
    project = await generateProject({ select: { 'package-manager': name } });
  });

  test('has its lockfile and no other, and names its version', async () => {
    const { stdout } = await execa('git', ['ls-files'], { cwd: project });
    const lockfiles = Object.values(packageManagers).map(({ lockfile }) => lockfile);
    expect(stdout.split('\n').filter((file) => lockfiles.includes(file))).toEqual([pm.lockfile]);
    for (const file of pm.manifests.split(' ')) await access(join(project, file));
    const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    expect(manifest.packageManager).toBe(`${name}@${pinnedVersions[name]}`);
  });

  test('holds back what would refuse Node 20, and what was not tried', async () => {
    const locked = await readFile(join(project, pm.lockfile), 'utf8');
    expect(locked).toMatch(/light-my-request\W+(.*\W)?6\.6\.0/);
    expect(locked).toMatch(/\bvite@(.*\W)?8\.3\.8/);
  });

  test('type-checks and lints, and runs its tests', { timeout: 180_000 }, async () => {
    await shell(`${pm.run} typecheck && ${pm.run} lint`, project);
    // Client and server in one: the packages are found where this package manager puts them.
    const { stdout } = await shell(`${pm.test} test/tools.test.ts`, project);
    expect(stdout).toMatch(/Test Files +\d+ passed \(/);
  });

  test('starts, which builds it first', async () => {
    const child = spawn('sh', ['-c', pm.start], {
      cwd: project,
      env: { ...process.env, PORT: '0', OPENWEATHER_API_KEY: 'an-upstream-key' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    onTestFinished(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
    const port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = line.startsWith('{') ? portIn(line) : undefined;
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`${pm.start} ended with ${code}`)));
    });
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  });

  test('installs from its lockfile alone, and serves without any package beside it', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'mcp-prod-clean-'));
    onTestFinished(() => rm(parent, { recursive: true, force: true }));
    const clean = join(parent, 'clean');
    await execa('git', ['clone', '--quiet', project, clean]);
    await shell(`${pm.frozenInstall} && ${pm.run} build`, clean);
    await rm(join(clean, 'node_modules'), { recursive: true });
    const server = await startGenerated(clean);
    onTestFinished(async () => {
      await server.stop();
    });
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
    const { stdout } = await execa('git', ['status', '--porcelain'], { cwd: clean });
    expect(stdout).toBe('');
  });
});
