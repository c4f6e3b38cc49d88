import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Configuration,
  configuredBaseline,
  configuredPaths,
  configuredUrl,
  nameTool,
  readConfiguration,
} from '../../src/cli/audit/configuration.ts';
import type { Config } from '../../src/config/schema.ts';

let folder: string;
let root: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-config-'));
  root = join(folder, 'project');
  await mkdir(root);
  file = join(root, 'mcp-prod.config.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const readFound = () => readConfiguration({}, { directory: 'project', root }, folder);

const secret = 'root:$6$s3cret:19000:0:99999:7:::';

describe('a configuration', () => {
  it('is empty if there is no file', async () => {
    expect(await readFound()).toEqual({ config: {}, file, trusted: false });
  });

  it('may begin with a byte order mark', async () => {
    await writeFile(file, '\uFEFF{"health":"/health"}');
    expect((await readFound()).config).toEqual({ health: '/health' });
  });

  it.each([
    ['a directory', () => mkdir(file), /is a directory/],
    // Reading it would wait for a writer, and no signal could interrupt that.
    ['a named pipe', () => execa('mkfifo', [file]), /is no regular file/],
    [
      'a huge file',
      async () => {
        await writeFile(file, '');
        await truncate(file, 5_000_000_000);
      },
      /is larger than 1 MiB/,
    ],
    ['an unknown key', () => writeFile(file, '{"gate":{"minscore":1}}'), /unknown key "gate\.minscore"/],
    ['a link out of the project', () => outward('{}'), /leads out of the project/],
    ['a link to a file of the system', () => symlink('/proc/self/environ', file), /leads out of the project/],
  ])('is not %s', async (_what, make, message) => {
    await make();
    await expect(readFound()).rejects.toMatchObject({
      code: 2,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  /** A link to a file outside of the project. */
  async function outward(text: string): Promise<void> {
    await writeFile(join(folder, 'outside'), text);
    await symlink('../outside', file);
  }

  it('may be a link within the project, and may be anywhere if --config names it', async () => {
    await writeFile(join(root, 'real.json'), '{"health":"/up"}');
    await symlink('real.json', file);
    expect((await readFound()).config).toEqual({ health: '/up' });
    await writeFile(join(folder, 'outside'), '{"health":"/outside"}');
    await symlink('../outside', join(root, 'link.json'));
    const named = await readConfiguration({ config: 'link.json' }, null, root);
    expect(named).toMatchObject({ config: { health: '/outside' }, trusted: true });
  });

  it.each([
    secret,
    `{"a":"${secret}",}`,
    `{"a":"${secret}\n"}`,
    `{"a":"${secret}`,
    `{"url":"${secret}"}`,
    `{"${secret}":1,"gate":{"${secret}":1}}`,
    `{"health":"${secret}","gate":{"failOn":"${secret}"}}`,
  ])('is not quoted by an error: %j', async (text) => {
    await writeFile(file, text);
    const problem = await readFound().catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 2, message: expect.stringContaining(file) });
    expect(String((problem as Error).message)).not.toMatch(/root:|s3cret|\$6\$/);
  });

  it('that is not JSON is reported with the position, if the parser knows it', async () => {
    await writeFile(file, '{\n  "health": "/health",\n}');
    await expect(readFound()).rejects.toThrow('is not valid JSON (line 3, column 1).');
  });
});

const configuration = (config: Config, trusted: boolean): Configuration => ({
  config,
  file: '/srv/app/mcp-prod.config.json',
  trusted,
});

describe('the configured URL', () => {
  it.each([
    'http://127.0.0.1:3000/mcp',
    'http://127.9.9.9/mcp/',
    'http://localhost:3000/api/mcp',
    'http://[::1]:3000/mcp',
    'https://127.1:8443/',
  ])('may be used from a found configuration: %s', (url) => {
    expect(configuredUrl(configuration({ url }, false))?.href).toBe(new URL(url).href);
  });

  it.each([
    'https://weather.example.com/mcp',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/mcp',
    'http://0.0.0.0:3000/mcp',
    'http://127.0.0.1.evil.example/mcp',
    'http://weather.localhost:3000/mcp',
    'http://localhost.:3000/mcp',
    'http://127.0.0.1:3000/admin?purge=all',
    'http://127.0.0.1:3000//mcp',
  ])('is refused from a found configuration: %s', (url) => {
    expect(() => configuredUrl(configuration({ url }, false))).toThrow(/was not named with --config/);
    expect(configuredUrl(configuration({ url }, true))?.href).toBe(url);
  });
});

describe('the tool that may be called', () => {
  const config = { tool: { name: 'get_weather', arguments: { city: 'London' } } };
  const named = configuration(config, true);
  const found = configuration(config, false);

  it('is none by default', () => {
    expect(nameTool({}, configuration({}, true))).toBeUndefined();
  });

  it('is the configured one, with its arguments', () => {
    expect(nameTool({}, named)).toEqual(config.tool);
    expect(nameTool({ tool: 'get_weather' }, named)).toEqual(config.tool);
    expect(nameTool({ toolArgs: { city: 'Oslo' } }, named)?.arguments).toEqual({ city: 'Oslo' });
  });

  it('is the one on the command line, without the arguments of another tool', () => {
    for (const known of [named, found]) {
      expect(nameTool({ tool: 'ping' }, known)).toEqual({ name: 'ping', arguments: {} });
    }
  });

  it('must be read-only if a found configuration gives its name or arguments', () => {
    expect(nameTool({}, found)).toEqual({ ...config.tool, readOnly: true });
    expect(nameTool({ tool: 'get_weather' }, found)).toEqual({ ...config.tool, readOnly: true });
    expect(nameTool({ toolArgs: { city: 'Oslo' } }, found)).toEqual({
      name: 'get_weather',
      arguments: { city: 'Oslo' },
      readOnly: true,
    });
    expect(nameTool({ tool: 'get_weather', toolArgs: { city: 'Oslo' } }, found)).toEqual({
      name: 'get_weather',
      arguments: { city: 'Oslo' },
    });
  });

  it('must be named if arguments are given', () => {
    expect(() => nameTool({ toolArgs: {} }, configuration({}, true))).toThrow(
      '--tool-args is given without a tool.',
    );
  });
});

describe('the configured paths', () => {
  const url = new URL('http://127.0.0.1:3000/weather/mcp');
  const unusual = { endpoint: '/admin/shutdown', sse: '/admin/purge', health: '/admin/up' };

  it('of a trusted configuration are all requested', () => {
    const config = { ...unusual, health: '/health?full=1' };
    expect(configuredPaths(configuration(config, true), {}, url)).toEqual({
      endpoints: { mcp: '/admin/shutdown', sse: '/admin/purge' },
      healthPath: '/health?full=1',
      notices: [],
    });
  });

  it('of a found configuration get credentials only at the usual MCP paths', () => {
    const found = configuredPaths(configuration(unusual, false), {}, url);
    expect(found).toMatchObject({ endpoints: {}, healthPath: '/admin/up' });
    expect(found.notices).toEqual([
      expect.stringMatching(/^Did not request \/admin\/shutdown: .*--config/),
      expect.stringMatching(/^Did not request \/admin\/purge: .*--config/),
    ]);
    for (const [endpoint, sse] of [
      ['/weather/mcp', '/weather/sse'],
      ['/weather/mcp/', '/weather/sse/'],
      ['/weather/api/mcp', '/weather/'],
    ] as const) {
      const usual = configuredPaths(configuration({ endpoint, sse }, false), {}, url);
      expect(usual).toMatchObject({ endpoints: { mcp: endpoint, sse }, notices: [] });
    }
  });

  it('of a generated project are requested even if merely found', () => {
    const generated = { endpoint: '/mcp', sse: '/sse', health: '/health' };
    const running = new URL('http://127.0.0.1:3000/mcp');
    expect(configuredPaths(configuration(generated, false), {}, running)).toEqual({
      endpoints: { mcp: '/mcp', sse: '/sse' },
      healthPath: '/health',
      notices: [],
    });
  });

  it.each(['endpoint', 'sse', 'health'])('of a found configuration must be plain: %s', (key) => {
    for (const path of ['/a?b=c', '/a/../b', '/a;b', '/a%2fb']) {
      const found = configuration({ [key]: path }, false);
      expect(() => configuredPaths(found, {}, url)).toThrow(`"${key}" is not a plain path`);
    }
  });

  it('are overridden by the command line', () => {
    const found = configuration({ health: '/purge?all=yes' }, false);
    expect(configuredPaths(found, { healthPath: '/up?full=1' }, url).healthPath).toBe('/up?full=1');
  });
});

it('a configured baseline is relative to the configuration, and inside its directory if that was merely found', () => {
  const config = { gate: { baseline: 'known.json' } };
  expect(configuredBaseline(configuration({}, false))).toBeNull();
  expect(configuredBaseline(configuration(config, true))).toEqual({ file: '/srv/app/known.json' });
  expect(configuredBaseline(configuration(config, false))).toEqual({
    file: '/srv/app/known.json',
    within: '/srv/app',
  });
});
