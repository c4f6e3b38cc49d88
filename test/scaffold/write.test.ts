import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PackageManager, packageManagers } from '../../src/scaffold/package-managers.ts';
import type { Plan } from '../../src/scaffold/plan.ts';
import { inspectTarget } from '../../src/scaffold/target.ts';
import { writeProject } from '../../src/scaffold/write.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-write-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const files = [
  { path: '.env', contents: 'SECRET=1\n', mode: 0o600 },
  { path: 'src/index.ts', contents: 'export {};\n', mode: 0o644 },
];
const pm = packageManagers.npm as PackageManager;
const planAt = (directory: string): Plan => ({ name: 'x', directory, selections: {}, pm, files });
const nothing = async () => undefined;
const { signal } = new AbortController();

async function write(
  directory: string,
  prepare: (staging: string) => Promise<unknown> = nothing,
  stop = signal,
) {
  return writeProject(planAt(directory), await inspectTarget(directory), prepare, stop);
}

describe('a new directory', () => {
  test('appears with all files and their modes, parents included', async () => {
    const directory = join(root, 'a/b/project');
    await write(directory);
    expect(await readFile(join(directory, 'src/index.ts'), 'utf8')).toBe('export {};\n');
    expect((await stat(join(directory, '.env'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(root, 'a/b'))).toEqual(['project']);
  });

  test('does not exist while it is prepared', async () => {
    const directory = join(root, 'project');
    await write(directory, async (staging) => {
      expect(await readdir(staging)).toContain('.env');
      expect(await readdir(root)).not.toContain('project');
    });
    expect(await readdir(root)).toEqual(['project']);
  });

  test.each([
    ['preparation fails', () => Promise.reject(new Error('no')), /no/],
    ['another program creates it', () => takePlace(), /created by another program/],
  ])('leaves no files behind when %s', async (_when, prepare, message) => {
    await expect(write(join(root, 'a/b/project'), prepare)).rejects.toThrow(message);
    const rest = await readdir(root, { recursive: true });
    expect(rest.filter((path) => !path.startsWith('a/b/project') && path !== 'a' && path !== 'a/b')).toEqual(
      [],
    );
  });

  async function takePlace() {
    await mkdir(join(root, 'a/b/project'));
    await writeFile(join(root, 'a/b/project/theirs'), '');
  }

  test('after an interrupt, only the parents that it created are removed', async () => {
    await mkdir(join(root, 'a'));
    const stop = new AbortController();
    const interrupted = write(join(root, 'a/b/c/project'), async () => stop.abort(), stop.signal);
    await expect(interrupted).rejects.toMatchObject({ kind: 'interrupted' });
    expect(await readdir(root, { recursive: true })).toEqual(['a']);
  });
});

describe('an existing directory', () => {
  test('that is empty is kept', async () => {
    const before = await stat(root);
    await write(root);
    expect((await stat(root)).ino).toBe(before.ino);
    expect((await readdir(root)).sort()).toEqual(['.env', 'src']);
  });

  test('may be an empty clone', async () => {
    await mkdir(join(root, '.git'));
    await write(root);
    expect((await readdir(root)).sort()).toEqual(['.env', '.git', 'src']);
  });

  test('that is not empty is refused and unchanged', async () => {
    await writeFile(join(root, 'precious'), 'data');
    await expect(inspectTarget(root)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/is not empty: it contains precious/),
    });
    expect(await readdir(root)).toEqual(['precious']);
  });

  test('that is filled meanwhile is unchanged', async () => {
    const filled = write(root, () => writeFile(join(root, 'precious'), 'data'));
    await expect(filled).rejects.toMatchObject({ kind: 'usage' });
    expect(await readdir(root)).toEqual(['precious']);
  });

  test('is empty again when preparation fails', async () => {
    await expect(write(root, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(root)).toEqual([]);
  });

  test('is empty again when moving in fails halfway', async () => {
    const clash = write(root, async (staging) => {
      // Allowed in an empty clone, but it blocks the file to move.
      await mkdir(join(root, '.git/objects'), { recursive: true });
      await writeFile(join(staging, '.git'), 'gitdir: elsewhere');
    });
    await expect(clash).rejects.toThrow();
    expect(await readdir(root)).toEqual(['.git']);
  });
});

describe('unusable places', () => {
  test.each([
    ['a file', 'file', /is a file/],
    ['below a file', 'file/project', /is a file/],
    ['a dangling link', 'link', /is a broken link/],
  ])('%s', async (_what, path, message) => {
    await writeFile(join(root, 'file'), '');
    await symlink(join(root, 'gone'), join(root, 'link'));
    await expect(inspectTarget(join(root, path))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(message),
    });
  });

  test('a file system in which even root cannot create directories', async () => {
    await expect(write('/proc/mcp-prod/project')).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/cannot be created/),
    });
  });
});
