import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runInProcess, transcript } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-lab-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function project(name: string, files: Record<string, unknown>): Promise<string> {
  const root = join(folder, name);
  await mkdir(root);
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

const config = 'mcp-prod.config.json';

describe('a lab that cannot run', () => {
  it('prints why, and what to do', async () => {
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
    // The TypeScript loader would write its cache there.
    vi.stubEnv('TSX_DISABLE_CACHE', '1');
    await project('silent', { 'README.md': '' });
    await project('canned', {
      [config]: { start: 'node x.js', upstream: { 'api.example.com': { 'GET /': 'none.json' } } },
    });
    await project('unbuilt', { [config]: { build: 'node build.js', start: 'node x.js' }, 'build.js': fails });
    await project('talkative', {
      'package.json': { bin: 'x.js' },
      'x.js':
        'process.stdout.write("Ready \\u001b[31m::error::\\n"); process.stdin.on("data", () => process.exit(4));',
    });
    await project('unstarted', { 'package.json': { scripts: { start: 'node x.js' } }, 'x.js': fails });
    const runs = [
      ['http://127.0.0.1:1/mcp', '--lab'],
      ['silent', '--start', 'node x.js'],
      ['silent', '--lab'],
      ['canned', '--lab'],
      ['unbuilt', '--lab'],
      ['unstarted', '--lab'],
      ['unstarted', '--lab', '--start', 'no-such-program --port 1'],
      ['silent', '--stdio'],
      ['silent', '--lab', '--stdio'],
      ['http://127.0.0.1:1/mcp', '--project', 'silent', '--lab', '--stdio', '--start', 'node x.js'],
      ['talkative', '--lab', '--stdio'],
    ];
    const transcripts: string[] = [];
    for (const args of runs) {
      const result = await runInProcess(['audit', ...args], { cwd: folder });
      transcripts.push(transcript(['audit', ...args], result, { [folder]: '/folder' }));
    }
    vi.unstubAllEnvs();
    await expectGolden('audit-lab-unassessable.txt', transcripts.join('\n'));
    expect(await readdir(temporary)).toEqual([]);
  });
});

it('does not wait for a package.json that is not a file', async () => {
  const root = await project('piped', {});
  await execa('mkfifo', [join(root, 'package.json')]);
  const { stderr, exitCode } = await runInProcess(['audit', root, '--lab']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('declares no start command');
});

const fails = `
process.stderr.write('Cannot find API_KEY \\u001b[31m::error::\\n');
process.exit(2);
`;
