import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runInProcess } from '../support/cli.ts';
import { gitIdentity } from '../support/git-identity.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-git-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The environment of a user with a Git identity. */
const known = () => ({ ...process.env, ...gitIdentity });

const init = (directory: string, env: NodeJS.ProcessEnv, ...options: string[]) =>
  runInProcess(['init', directory, ...options], { cwd: root, env });

const git = async (cwd: string, ...words: string[]) =>
  (await execa('git', words, { cwd, env: gitIdentity })).stdout;

test('the first commit contains everything except the secrets', async () => {
  const { exitCode, stderr } = await init('repo', known(), '--no-install');
  expect([exitCode, stderr]).toEqual([0, '']);
  const directory = join(root, 'repo');
  expect(await git(directory, 'status', '--porcelain')).toBe('');
  expect(await git(directory, 'ls-files')).not.toMatch(/^\.env$/m);
  expect(await git(directory, 'log', '--oneline')).toMatch(/^\S+ Create the project with mcp-prod$/);
});

test('the first commit of an installed project contains its lockfile, but no installed package', async () => {
  const { exitCode, stderr } = await init('repo', known());
  expect([exitCode, stderr]).toEqual([0, '']);
  const project = join(root, 'repo');
  expect(await git(project, 'status', '--porcelain')).toBe('');
  const files = (await git(project, 'ls-files')).split('\n');
  expect(files).toEqual(
    expect.arrayContaining(['.env.example', '.gitignore', '.npmrc', 'package-lock.json']),
  );
  expect(files).not.toContain('.env');
  expect(files.filter((file) => file.startsWith('node_modules/'))).toEqual([]);
});

test('without an identity everything is staged, with a notice', async () => {
  const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  const { exitCode, stderr } = await init('repo', env, '--no-install');
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^mcp-prod: No commit was created: [^\n]*\n$/);
  expect(await git(join(root, 'repo'), 'diff', '--cached', '--name-only')).toMatch(/^package\.json$/m);
});

test('no repository is created inside another', async () => {
  await git(root, 'init', '--quiet');
  const { exitCode, stderr } = await init('packages/repo', known(), '--no-install');
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/No Git repository was created: the directory is already part of one/);
  expect(await readdir(join(root, 'packages/repo'))).not.toContain('.git');
});

test('the environment of a Git hook does not redirect the commands', async () => {
  await init('repo', { ...known(), GIT_DIR: join(root, 'other.git') }, '--no-install');
  expect(await readdir(join(root, 'repo'))).toContain('.git');
  expect(await readdir(root)).toEqual(['repo']);
});

test.each([
  ['with an identity', true],
  ['without an identity', false],
])('the repository starts on main, whatever init.defaultBranch says: %s', async (_what, identity) => {
  const settings = `[init]\n  defaultBranch = trunk\n${identity ? '[user]\n  name = A\n  email = a@b.example\n' : ''}`;
  await writeFile(join(root, 'gitconfig'), settings);
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const { exitCode } = await init('repo', env, '--no-install');
  expect(exitCode).toBe(0);
  expect(await readFile(join(root, 'repo/.git/HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
  expect(existsSync(join(root, 'repo/.git/refs/heads/main'))).toBe(identity);
});
