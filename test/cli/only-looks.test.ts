import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDualEraServer } from '../servers/dual-era.ts';
import type { TestServer } from '../servers/listen.ts';
import { runCli } from '../support/cli.ts';

let root: string;
let project: string;
let ran: string;
let server: TestServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-only-looks-'));
  project = join(root, 'project');
  ran = join(root, 'ran');
  server = await startDualEraServer();
  for (const [file, text] of Object.entries(traps(`touch ${ran}`))) {
    await mkdir(join(project, file, '..'), { recursive: true });
    await writeFile(join(project, file), text, { mode: 0o755 });
  }
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** Everything that an auditor could run by mistake. Each would leave a trace. */
function traps(command: string): Record<string, string> {
  const script = `#!/bin/sh\n${command}\n`;
  const javascript = `require('node:child_process').execSync(${JSON.stringify(command)});\n`;
  const python = `import os\nos.system(${JSON.stringify(command)})\n`;
  const scripts = ['start', 'prestart', 'build', 'prepare', 'postinstall', 'stdio'];
  return {
    'package.json': JSON.stringify({
      name: 'trap',
      main: 'index.js',
      bin: 'index.js',
      scripts: Object.fromEntries(scripts.map((name) => [name, command])),
    }),
    'mcp-prod.config.json': JSON.stringify({
      build: command,
      start: command,
      stdio: command,
      services: [{ name: 'store', start: command }],
    }),
    'index.js': javascript,
    'ecosystem.config.js': javascript,
    'vite.config.js': javascript,
    '.pnp.cjs': javascript,
    'sitecustomize.py': python,
    'setup.py': python,
    Dockerfile: `FROM node:24\nRUN ${command}\nHEALTHCHECK CMD ${command}\nCMD ["index.js"]\n`,
    'compose.yaml': `services: {web: {build: ., command: ${command}}}\n`,
    Makefile: `all:\n\t${command}\n`,
    'node_modules/.bin/git': script,
    '.git/config': `[core]\n\tfsmonitor = ${command}\n\thooksPath = hooks\n`,
    '.git/HEAD': 'ref: refs/heads/main\n',
    'hooks/post-checkout': script,
  };
}

/** Every file, with the metadata that a change would alter. */
async function listing(): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  return Promise.all(
    names.sort().map(async (name) => {
      const { size, mtimeMs, mode } = await stat(join(root, name));
      return `${name} ${size} ${mtimeMs} ${mode}`;
    }),
  );
}

it.each([
  ['a directory', () => [project]],
  ['a URL with its project', () => [server.url.href, '--project', project, '--token', server.token]],
])('an audit of %s runs no code of the project and changes no file', async (_what, target) => {
  const before = await listing();
  const { exitCode } = await runCli(['audit', ...target(), '--profile', 'extended'], { cwd: project });
  expect(exitCode).toBe(0);
  expect(await listing()).toEqual(before);
});

it('the traps work: --lab runs the start command', async () => {
  await runCli(['audit', project, '--lab', '--budget', '20000'], { cwd: project });
  expect((await listing()).some((line) => line.startsWith('ran '))).toBe(true);
});
