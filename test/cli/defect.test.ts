import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle, root } from '../../scripts/bundle.ts';
import { brokenServers } from '../servers/broken.ts';
import { bin, runCli } from '../support/cli.ts';

/** Code that runs in the auditor before its own. */
const preload = (code: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
});
const said = (message: string) =>
  `mcp-prod: This is a defect in mcp-prod: ${message}\n  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n`;

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'mcp-prod-defect-'));
  // `npm test` builds it, but this suite may run alone.
  if (!existsSync(join(root, 'dist', 'main.js'))) await bundle(join(root, 'dist'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** An audit of a server that never answers. The code runs when the first request is in flight. */
async function auditWith(happens: string, env: Record<string, string> = {}) {
  const server = await brokenServers.acceptsAndNeverAnswers();
  const running = execa(process.execPath, [bin, 'audit', server.url.href], {
    env: {
      ...preload(`import { EventEmitter } from 'node:events'; process.on('SIGUSR2', () => { ${happens} });`),
      ...env,
    },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
  await vi.waitUntil(() => server.sockets.size > 0, { timeout: 30_000 });
  running.kill('SIGUSR2');
  const { exitCode, stdout, stderr } = await running;
  await server.idle();
  await server.close();
  return { exitCode, stdout, stderr };
}

describe.concurrent('an unhandled error exits with 3 and prints one line', () => {
  test.each([
    [
      'an exception',
      `throw new Error('boom\\n\\u001b[31m at second line')`,
      'boom \\u{1b}[31m at second line',
    ],
    ['an error event', `new EventEmitter().emit('error', new Error('lost'))`, 'lost'],
    ['a rejection', `Promise.reject(new Error('refused'))`, 'refused'],
    ['an error without a message', `throw new RangeError()`, 'RangeError'],
    ['nothing', `throw undefined`, 'undefined was thrown.'],
    ['a rejection with nothing', `Promise.reject()`, 'undefined was thrown.'],
    ['a symbol', `throw Symbol('s')`, 'Symbol(s) was thrown.'],
    ['an object without a prototype', `throw Object.create(null)`, '[Object: null prototype] {} was thrown.'],
    [
      'an error that throws when read',
      `throw Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('y'); } })`,
      'The thrown value cannot be read.',
    ],
    [
      'a value that throws on any use',
      `const no = () => { throw 1; }; throw new Proxy({}, { get: no, getPrototypeOf: no, ownKeys: no, has: no })`,
      'The thrown value cannot be read.',
    ],
    ['two of them', `Promise.reject(new Error('second')); throw new Error('first')`, 'first'],
  ])('%s', async (_name, happens, message) => {
    expect(await auditWith(happens)).toEqual({ exitCode: 3, stdout: '', stderr: said(message) });
  });

  test('with its stack trace if MCP_PROD_DEBUG is set', async () => {
    const { exitCode, stderr } = await auditWith(`throw new Error('boom\\u001b[31m')`, {
      MCP_PROD_DEBUG: '1',
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^mcp-prod: This is a defect in mcp-prod: boom\\u\{1b\}\[31m\nError: boom\\u\{1b\}\[31m\n {4}at /,
    );
  });

  test('after an interrupt, the run ends as interrupted', async () => {
    const happens = `
      process.once('SIGINT', () => process.nextTick(() => { throw new Error('late'); }));
      process.kill(process.pid, 'SIGINT');`;
    expect(await auditWith(happens)).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'mcp-prod: Interrupted.\n',
    });
  });

  test('after the run has ended', async () => {
    const late = `process.once('beforeExit', () => { throw new Error('late'); });`;
    const { exitCode, stderr } = await runCli(['--version'], { env: preload(late) });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: said('late') });
  });

  test('if the run waits for a promise that nothing can settle', async () => {
    const lost = `
      import promises from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      promises.realpath = promises.stat = () => new Promise(() => {});
      syncBuiltinESMExports();`;
    const { exitCode, stderr } = await runCli(['audit', '.'], { env: preload(lost) });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: said('The run waits for a promise that nothing can settle.'),
    });
  });
});

test('work that cannot be cancelled does not delay the exit', async () => {
  const { exitCode, stdout } = await runCli(['--help'], { env: preload('setInterval(() => {}, 1_000);') });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('audit') });
});

describe('a program that cannot be loaded exits with 3 and prints one line', () => {
  test.each([
    [
      'is not there',
      undefined,
      expect.stringMatching(/Cannot find module '[^\n]*main\.js'[^\n]*\n {2}Please[^\n]*\n$/),
    ],
    ['is broken off', 'export const main = (', said('Unexpected end of input')],
    ['throws', `throw new Error('first\\nsecond')`, said('first')],
    ['throws nothing', 'throw undefined', said('the program could not be loaded.')],
    [
      'fails beside',
      `setTimeout(() => { throw new Error('beside'); }); await new Promise(() => setTimeout(() => {}, 60_000))`,
      said('beside'),
    ],
    [
      'lacks what it imports',
      `import './lost.js'`,
      expect.stringMatching(/^mcp-prod: [^\n]*lost\.js[^\n]*\n {2}Please[^\n]*\n$/),
    ],
  ])('%s', async (name, code, stderr) => {
    const folder = join(scratch, name);
    mkdirSync(join(folder, 'dist'), { recursive: true });
    cpSync(dirname(bin), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    if (code !== undefined) writeFileSync(join(folder, 'dist', 'main.js'), code);
    const running = execa(process.execPath, [join(folder, 'bin', 'mcp-prod.js'), '--version'], {
      reject: false,
      stripFinalNewline: false,
    });
    const { exitCode, stderr: told } = await running;
    expect({ exitCode, stderr: told }).toEqual({ exitCode: 3, stderr });
  });
});

test('after a defect, an installation that ignores SIGTERM is killed, and no files are left', async () => {
  const tools = join(scratch, 'tools');
  const place = join(scratch, 'place');
  for (const folder of [tools, place]) mkdirSync(folder);
  const npm = `#!/bin/sh\ntrap '' TERM\necho $$ > "${tools}/pid"\nwhile :; do sleep 0.1; done\n`;
  writeFileSync(join(tools, 'npm'), npm, { mode: 0o755 });
  const running = execa(process.execPath, [bin, 'init', 'weather', '--yes'], {
    cwd: place,
    env: {
      ...preload(`process.on('SIGUSR2', () => { throw new Error('boom'); });`),
      PATH: `${tools}:${process.env.PATH}`,
    },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
  await expect.poll(() => existsSync(join(tools, 'pid')), { timeout: 30_000 }).toBe(true);
  running.kill('SIGUSR2');
  const { exitCode, stderr } = await running;
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: said('boom') });
  expect(readdirSync(place)).toEqual([]);
});
