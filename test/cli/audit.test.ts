import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Defects, startDualEraServer } from '../servers/dual-era.ts';
import { testToken } from '../servers/listen.ts';
import { bin, runCli, runInProcess, transcript } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';

const open: { close: () => Promise<unknown> }[] = [];
let folder: string;

/** A server that is closed after the suite, with its connections. */
async function startPlain(server: Server): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const started = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  open.push(started);
  return started;
}

async function startGood(defects: Defects = {}): Promise<string> {
  const server = await startDualEraServer(defects);
  open.push(server);
  return server.url.href;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-cli-'));
});
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

/** A project's folder with these files. */
async function projectWith(name: string, files: Record<string, string>): Promise<string> {
  const root = join(folder, name);
  await mkdir(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text);
  return root;
}

const ready = {
  Dockerfile: 'FROM node:24.11.1-slim\nCOPY dist dist\nUSER node\nCMD ["node", "dist/index.js"]\n',
  'compose.yaml':
    'services:\n  weather:\n    build: .\n    restart: unless-stopped\n    cap_drop: [ALL]\n    security_opt: [no-new-privileges]\n',
};

describe('audit of a server that speaks MCP', () => {
  it('prints one JSON document that the published schema accepts, and nothing else', async () => {
    const url = await startGood();
    const project = await projectWith('ready', ready);
    const args = ['audit', url, '--token', testToken, '--project', project];
    const { stdout, stderr, exitCode } = await runCli([...args, '--format', 'json', '--min-score', '30']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const report = JSON.parse(stdout);
    const schema = new URL('../../schema/report.schema.json', import.meta.url);
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    expect(ajv.validate(JSON.parse(await readFile(schema, 'utf8')), report), JSON.stringify(ajv.errors)).toBe(
      true,
    );
    expect(report.rows).toHaveLength(10);
    expect(report.server).toMatchObject({ era: 'dual', transports: ['streamable-http'] });
    expect(stdout).not.toContain(testToken);
  });

  it('prints all ten rows, without colour unless stdout is a terminal', async () => {
    const url = await startGood();
    const args = ['audit', url, '--token', testToken];
    const result = await runCli(args);
    expectGolden('audit-url.txt', transcript(args, result, { [testToken]: 'TOKEN' }));
    const coloured = await runCli(args, { env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[32mPASS');
  });

  it('fails an open server', async () => {
    const url = await startGood({ open: true });
    const { stdout, exitCode } = await runCli(['audit', url, '--fail-on', 'recommended']);
    expect(stdout).toMatch(/FAIL +endpoint-authentication/);
    expect(exitCode).toBe(1);
  });

  it('takes the token from the environment', async () => {
    const url = await startGood();
    const { stdout, exitCode } = await runCli(['audit', url], { env: { MCP_PROD_TOKEN: testToken } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/PASS +endpoint-authentication/);
  });

  it('finds the endpoint if the URL names another path, and adds a notice', async () => {
    const url = (await startGood()).replace('/mcp', '/elsewhere');
    const { stdout, exitCode } = await runCli(['audit', url, '--token', testToken, '--format', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).notices).toEqual([
      expect.stringMatching(/elsewhere is not an MCP endpoint\. The audit used .*\/mcp$/),
    ]);
  });

  it('ignores a reader that closes the pipe', async () => {
    const url = await startGood();
    const running = execa(process.execPath, [bin, 'audit', url, '--format', 'json'], {
      env: { MCP_PROD_TOKEN: testToken },
      buffer: { stdout: false },
      reject: false,
    });
    running.stdout.destroy();
    const { stderr, exitCode } = await running;
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

describe('audit of a project’s files', () => {
  it('needs no server', async () => {
    const args = ['audit', await projectWith('files-only', ready)];
    expectGolden('audit-project.txt', transcript(args, await runCli(args), { [folder]: '/home/user' }));
  });

  it('follows the gate of the configuration, which the command line overrides', async () => {
    const config = { gate: { minScore: 100, require: ['non-root-user'] } };
    const root = await projectWith('gated', {
      ...ready,
      Dockerfile: 'FROM node:24.11.1-slim\n',
      'compose.yaml': `${ready['compose.yaml']}    deploy: { resources: { limits: { memory: 512M, cpus: "1" } } }\n`,
      'mcp-prod.config.json': JSON.stringify(config),
    });
    const failed = await runCli(['audit', root]);
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('requires non-root-user to pass');
    expect(
      (
        await runCli([
          'audit',
          root,
          '--min-score',
          '0',
          '--require',
          'resource-limits',
          '--profile',
          'extended',
        ])
      ).exitCode,
    ).toBe(0);
  });

  it('audits the configured server if no target is given', async () => {
    const url = await startGood();
    const config = { url, health: '/health' };
    const cwd = await projectWith('configured', { 'mcp-prod.config.json': JSON.stringify(config) });
    const { stdout, exitCode } = await runCli(['audit'], { cwd, env: { MCP_PROD_TOKEN: testToken } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/PARTIAL +health-endpoint/);
  });

  it('cannot assess an empty folder', async () => {
    const { stdout, stderr, exitCode } = await runCli(['audit', await projectWith('empty', {})]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    expect(stderr).toContain('no Dockerfile or compose file could be judged');
  });
});

describe('a usage error exits with 2', () => {
  it('and prints one or two lines', async () => {
    const misspelt = await projectWith('misspelt', {
      'mcp-prod.config.json': '{"gates":{"minScore":90},"tool":{"nam":"x"}}',
    });
    const broken = await projectWith('broken', { 'mcp-prod.config.json': '{"url":' });
    const lines = [
      ['audit'],
      ['audit', 'localhost:3000/mcp'],
      ['audit', 'weather'],
      ['audit', 'ftp://127.0.0.1/mcp'],
      ['audit', 'http://'],
      ['audit', 'http://user:secret@127.0.0.1/mcp'],
      ['audit', 'http://127.0.0.1/mcp', '--min-score', '101'],
      ['audit', 'http://127.0.0.1/mcp', '--min-score', 'high'],
      ['audit', 'http://127.0.0.1/mcp', '--require', 'healthendpoint'],
      ['audit', 'http://127.0.0.1/mcp', '--require', 'rate-limiting'],
      ['audit', 'http://127.0.0.1/mcp', '--format', 'pdf'],
      ['audit', 'http://127.0.0.1/mcp', '--fail-on', 'all'],
      ['audit', 'http://127.0.0.1/mcp', '--formt', 'json'],
      ['audit', 'http://127.0.0.1/mcp', '--header', 'X-Api-Key s3cret'],
      ['audit', 'http://127.0.0.1/mcp', '--token', 'two\nlines'],
      ['audit', 'http://127.0.0.1/mcp', '--token', ''],
      ['audit', 'http://127.0.0.1/mcp', '--token', 'x', '--header', 'authorization: Basic eA=='],
      ['audit', 'http://127.0.0.1/mcp', '--health-path', '//evil.example/'],
      ['audit', 'http://127.0.0.1/mcp', '--tool', ''],
      ['audit', 'http://127.0.0.1/mcp', '--tool-args', '{"city":"London"}'],
      ['audit', 'http://127.0.0.1/mcp', '--tool', 'get_weather', '--tool-args', '{"key":"s3cret"'],
      ['audit', 'http://127.0.0.1/mcp', '--tool', 'get_weather', '--tool-args', '["London"]'],
      ['audit', 'http://127.0.0.1/mcp', '--timeout', '0'],
      ['audit', 'http://127.0.0.1/mcp', '--project', 'nowhere'],
      ['audit', 'http://127.0.0.1/mcp', '--config', 'nowhere.json'],
      ['audit', 'http://127.0.0.1/mcp', '--project', ''],
      ['audit', 'http://127.0.0.1/mcp', '--config', '.'],
      ['audit', ''],
      ['audit', '.', '--project', '.'],
      ['audit', misspelt],
      ['audit', broken],
      ['audti'],
    ];
    const transcripts = [];
    for (const args of lines) {
      const result = await runInProcess(args, { cwd: folder });
      expect(result).toMatchObject({ stdout: '', exitCode: 2 });
      transcripts.push(transcript(args, result, { [folder]: '/home/user' }));
    }
    const text = transcripts.join('\n');
    expect(text.replaceAll(/^\$.*/gm, '')).not.toMatch(/s3cret|secret@/);
    expectGolden('audit-usage.txt', text);
  });
});

describe('a target that cannot be assessed exits with 3', () => {
  it('and prints one or two lines; JSON is still one document', async () => {
    const closed = createTcpServer();
    const { url: dead, close } = await startPlain(closed);
    await close();
    const page = await startPlain(
      createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end('<html>hello</html>'),
      ),
    );
    const silent = await startPlain(createTcpServer(() => {}));
    const closing = await startPlain(createTcpServer((socket) => socket.destroy()));
    const noHttp = await startPlain(createTcpServer((socket) => socket.end('220 ready\r\n')));
    const guarded = await startGood();
    const lines = [
      ['audit', dead],
      ['audit', 'http://no-such-host.invalid/mcp'],
      ['audit', page.url],
      ['audit', page.url.replace('http:', 'https:')],
      ['audit', silent.url, '--timeout', '300'],
      ['audit', silent.url, '--budget', '200'],
      ['audit', closing.url],
      ['audit', noHttp.url],
      ['audit', guarded],
      ['audit', guarded, '--token', 'not-the-token'],
    ];
    const transcripts = [];
    for (const args of lines) {
      const result = await runCli(args, { cwd: folder });
      expect(result.exitCode, result.stderr).toBe(3);
      // This test does not concern rows that were judged despite the refusal.
      transcripts.push(transcript(args, { ...result, stdout: '' }, { [testToken]: 'TOKEN' }));
    }
    expectGolden('audit-unassessable.txt', transcripts.join('\n'));

    const { stdout, exitCode } = await runCli(['audit', dead, '--format', 'json', '--min-score', '0']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      score: null,
      server: null,
      ready: false,
      coverage: 0,
    });
  });
});

describe('an interrupted audit', () => {
  it('ends at once with 130 and one line', async () => {
    const server = createTcpServer(() => {});
    const silent = await startPlain(server);
    const result = await runCli(['audit', silent.url, '--timeout', '60000', '--budget', '60000'], {
      interruptAfter: once(server, 'connection'),
    });
    expect(result).toEqual({ stdout: '', stderr: 'mcp-prod: Interrupted.\n', exitCode: 130 });
  });
});
