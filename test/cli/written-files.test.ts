import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening, type TestServer } from '../servers/listen.ts';
import { runInProcess } from '../support/cli.ts';

// A stranger may have put a link into the directory that is written to.

let home: string;
let cwd: string;
let server: TestServer;
/** Runs while the server answers. */
let meanwhile: () => Promise<unknown>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcp-prod-written-'));
  cwd = join(home, 'repository');
  await mkdir(join(cwd, 'reports'), { recursive: true });
  await writeFile(join(home, 'profile'), 'precious');
  meanwhile = async () => {};
  server = await listening(
    createServer(async (_, response) => {
      await meanwhile();
      server.requests.push({ method: '', path: '', headers: {} });
      response.end('{}');
    }),
    '/mcp',
  );
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

const audit = (...args: string[]) =>
  runInProcess(['audit', server.url.href, '--no-burst', '--timeout', '500', ...args], { cwd });

const options = ['--output', '--save-evidence', '--write-baseline'];

describe.each(options)('%s', (option) => {
  it.each([
    ['to a file', '../profile'],
    ['to a file of another name', () => join(home, 'profile')],
    ['to a file that is not there yet', '../autostart.json'],
    ['to a directory', '..'],
    ['to no directory', 'none/x.json'],
    ['to itself', 'report.json'],
  ])('does not follow a link out of its directory: %s', async (_where, target) => {
    await symlink(typeof target === 'string' ? target : target(), join(cwd, 'report.json'));
    const { stdout, stderr, exitCode } = await audit(option, 'report.json');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(
      `${option}: ${join(cwd, 'report.json')} is a link that leads out of its directory`,
    );
    expect(server.requests).toEqual([]);
    expect((await readdir(home)).sort()).toEqual(['profile', 'repository']);
    expect(await readFile(join(home, 'profile'), 'utf8')).toBe('precious');
  });

  it('does not follow a link through a directory that leads out', async () => {
    await mkdir(join(home, 'other'));
    await symlink('../other', join(cwd, 'inner'));
    await symlink('inner/report.json', join(cwd, 'report.json'));
    expect((await audit(option, 'report.json')).exitCode).toBe(2);
    expect(await readdir(join(home, 'other'))).toEqual([]);
  });
});

describe.each(['--output', '--save-evidence'])('%s', (option) => {
  it.each([
    ['real.json', 'real.json'],
    ['reports/latest.json', 'reports/latest.json'],
    ['second.json', 'real.json'],
  ])('keeps a link within its directory: %s', async (link, real) => {
    await symlink('real.json', join(cwd, 'second.json'));
    await symlink(link, join(cwd, 'report.json'));
    await audit(option, 'report.json');
    expect((await lstat(join(cwd, 'report.json'))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(join(cwd, real), 'utf8'))).toMatchObject({ schemaVersion: 1 });
  });

  it('does not follow a link created during the audit', async () => {
    await writeFile(join(cwd, 'report.json'), 'earlier');
    let swapped = false;
    meanwhile = async () => {
      if (swapped) return;
      swapped = true;
      await unlink(join(cwd, 'report.json'));
      await symlink('../profile', join(cwd, 'report.json'));
    };
    const { stderr, exitCode } = await audit(option, 'report.json');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('was not written: it is a link that leads out of its directory or is broken.');
    expect(await readFile(join(home, 'profile'), 'utf8')).toBe('precious');
    expect((await readdir(cwd)).sort()).toEqual(['report.json', 'reports']);
  });
});
