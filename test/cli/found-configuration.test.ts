import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Defects, startDualEraServer } from '../servers/dual-era.ts';
import { type TestServer, testToken } from '../servers/listen.ts';
import { runInProcess } from '../support/cli.ts';

// A directory under audit may decide what is judged, but neither where credentials go nor which tool is called.

let folder: string;
const servers: TestServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-found-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

async function good(defects: Defects = {}): Promise<TestServer> {
  const server = await startDualEraServer(defects);
  servers.push(server);
  return server;
}

/** The directory under audit, with this configuration and these files. */
async function directory(config: unknown, files: Record<string, string> = {}): Promise<string> {
  const root = join(folder, 'project');
  await mkdir(root);
  const all = { ...files, 'mcp-prod.config.json': JSON.stringify(config) };
  for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text);
  return root;
}

const withToken = ({ requests }: TestServer) =>
  requests.filter(({ headers }) => headers.authorization === `Bearer ${testToken}`);
const pathsOf = (requests: TestServer['requests']) => [...new Set(requests.map(({ path }) => path))];

/** An audit with the token and without a burst. */
const audit = (args: string[], cwd = folder) =>
  runInProcess(['audit', ...args, '--no-burst', '--format', 'json'], {
    cwd,
    env: { MCP_PROD_TOKEN: testToken },
  });

/** How an audit finds a configuration without --config. */
const ways: [string, (root: string) => [string[], string]][] = [
  ['--project', (root) => [['--project', root], folder]],
  ['the working directory', (root) => [[], root]],
];

describe('the url of a configuration that was merely found', () => {
  // Connects to this machine, but is not a loopback address.
  const elsewhere = (url: URL) => url.href.replace('127.0.0.1', '0.0.0.0');

  it.each(ways)('is not requested on another machine: %s', async (_way, argumentsFor) => {
    const attacker = await good();
    const [args, cwd] = argumentsFor(await directory({ url: elsewhere(attacker.url) }));
    for (const credentials of [[], ['--header', 'x-anything: 1']]) {
      const { stdout, stderr, exitCode } = await audit([...args, ...credentials], cwd);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr).toMatch(/"url" is not a plain URL on this machine: .*\n {2}Give the URL on the command/);
    }
    const { exitCode } = await runInProcess(['audit', ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(attacker.requests).toEqual([]);
  });

  it.each(ways)(
    'is requested on another machine if --config names the file: %s',
    async (_way, argumentsFor) => {
      const server = await good({ noHostCheck: true });
      const root = await directory({ url: elsewhere(server.url) });
      const [args, cwd] = argumentsFor(root);
      const { exitCode } = await audit([...args, '--config', join(root, 'mcp-prod.config.json')], cwd);
      expect(exitCode).toBe(0);
      expect(withToken(server).length).toBeGreaterThan(0);
    },
  );

  it.each(ways)('on this machine is audited with the token: %s', async (_way, argumentsFor) => {
    const server = await good();
    const [args, cwd] = argumentsFor(await directory({ url: server.url.href, health: '/health' }));
    const { stdout, exitCode } = await audit(args, cwd);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).server.name).toBe('weather');
    expect(withToken(server).length).toBeGreaterThan(0);
  });

  it('is ignored if the command line gives one', async () => {
    const server = await good();
    const attacker = await good();
    const root = await directory({ url: elsewhere(attacker.url) });
    const { exitCode } = await audit([server.url.href, '--project', root]);
    expect({ exitCode, asked: attacker.requests }).toEqual({ exitCode: 0, asked: [] });
  });
});

describe('the tool of a configuration that was merely found', () => {
  const tool = { name: 'get_weather', arguments: { city: 'London' } };
  const isCalled = (stdout: string) =>
    JSON.parse(stdout).exchanges.some(({ purpose }: { purpose: string }) => purpose.startsWith('call of'));
  const audited = async (args: string[]) => audit([...args, '--profile', 'extended']);

  it('is called if the server marks it as read-only', async () => {
    const server = await good();
    const { stdout, exitCode } = await audited([server.url.href, '--project', await directory({ tool })]);
    expect(exitCode).toBe(0);
    expect(isCalled(stdout)).toBe(true);
    expect(JSON.parse(stdout).notices).toEqual([]);
  });

  it('is not called otherwise, and a notice says how to call it', async () => {
    const server = await good({ annotations: {} });
    const root = await directory({ tool });
    const found = await audited([server.url.href, '--project', root]);
    expect(found.exitCode).toBe(0);
    expect(isCalled(found.stdout)).toBe(false);
    expect(JSON.parse(found.stdout).notices).toEqual([
      expect.stringMatching(/^Skipped: call of get_weather\. .*Give --tool and --tool-args/),
    ]);
    // The arguments come from the directory too.
    const half = await audited([server.url.href, '--project', root, '--tool', 'get_weather']);
    expect(isCalled(half.stdout)).toBe(false);
    for (const named of [
      ['--tool', 'get_weather', '--tool-args', '{"city":"Oslo"}'],
      ['--config', join(root, 'mcp-prod.config.json')],
    ]) {
      const { stdout } = await audited([server.url.href, '--project', root, ...named]);
      expect(isCalled(stdout), named[0]).toBe(true);
    }
  });
});

describe('the paths of a directory', () => {
  it('get no token unless they are usual MCP paths, and a notice names them', async () => {
    const server = await good();
    const root = await directory({ endpoint: '/admin/shutdown', sse: '/admin/purge', health: '/admin/up' });
    const { stdout, exitCode } = await audit([server.url.href, '--project', root]);
    expect(exitCode).toBe(0);
    expect(pathsOf(server.requests).filter((path) => path.startsWith('/admin'))).toEqual(['/admin/up']);
    expect(pathsOf(withToken(server)).filter((path) => path.startsWith('/admin'))).toEqual([]);
    expect(JSON.parse(stdout).notices).toEqual([
      expect.stringContaining('Did not request /admin/shutdown:'),
      expect.stringContaining('Did not request /admin/purge:'),
    ]);
    const file = join(root, 'mcp-prod.config.json');
    await audit([server.url.href, '--config', file]);
    expect(pathsOf(withToken(server))).toEqual(expect.arrayContaining(['/admin/shutdown', '/admin/purge']));
  });

  it.each(['endpoint', 'sse', 'health'])('must be plain: %s', async (key) => {
    const server = await good();
    const root = await directory({ [key]: '/admin/purge?all=yes' });
    const { stderr, exitCode } = await audit([server.url.href, '--project', root]);
    expect({ exitCode, asked: server.requests }).toEqual({ exitCode: 2, asked: [] });
    expect(stderr).toContain(`its "${key}" is not a plain path`);
    // Files are judged without them.
    expect((await audit(['project'])).exitCode).not.toBe(2);
  });

  it('that the platform polls are requested only if plain, and without the token', async () => {
    const server = await good();
    const dockerfile = (path: string) =>
      `FROM node:24.11.1-slim\nUSER node\nHEALTHCHECK CMD curl -f http://127.0.0.1:3000${path}\nCMD ["node", "x.js"]\n`;
    const root = await directory({}, { Dockerfile: dockerfile('/admin/purge?all=yes') });
    const judged = async () => {
      const { stdout } = await audit([server.url.href, '--project', root]);
      const { rows } = JSON.parse(stdout) as {
        rows: { id: string; criteria: { id: string; verdict: string; reason?: string }[] }[];
      };
      const row = rows.find(({ id }) => id === 'health-endpoint');
      return row?.criteria.find(({ id }) => id === 'polled-path-exists');
    };
    expect(await judged()).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('polls /admin/purge?all=yes. Whether this path exists is unknown.'),
    });
    expect(pathsOf(server.requests).filter((path) => path.startsWith('/admin'))).toEqual([]);
    await writeFile(join(root, 'Dockerfile'), dockerfile('/admin/up'));
    expect((await judged())?.verdict).toBe('fail');
    expect(pathsOf(server.requests)).toContain('/admin/up');
    expect(pathsOf(withToken(server))).not.toContain('/admin/up');
  });
});

describe('the baseline of a configuration that was merely found', () => {
  it.each([
    ['beside the directory', () => '../known.json'],
    ['anywhere', () => join(folder, 'known.json')],
    ['of the system', () => '/proc/self/environ'],
  ])('is not read %s', async (_where, baseline) => {
    await writeFile(join(folder, 'known.json'), 's3cret');
    const root = await directory({ gate: { baseline: baseline() } });
    const { stderr, exitCode } = await audit([root]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('leads out of the project.');
    expect(stderr).not.toContain('s3cret');
  });

  it('is read anywhere if --config names the file, and is not quoted', async () => {
    await writeFile(join(folder, 'known.json'), 's3cret');
    const root = await directory({ gate: { baseline: '../known.json' } });
    const named = await audit([root, '--config', join(root, 'mcp-prod.config.json')]);
    expect(named.exitCode).toBe(2);
    expect(named.stderr).toContain('known.json is not valid JSON.');
    expect(named.stderr).not.toContain('s3cret');
  });
});
