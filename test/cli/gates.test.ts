import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess, transcript } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-prod-gates-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A project whose image runs as root and whose service is restarted. */
async function rootful(name: string, files: Record<string, string> = {}): Promise<string> {
  const root = join(folder, name);
  await mkdir(root, { recursive: true });
  const all = {
    Dockerfile: 'FROM node:24.11.1-slim\nCOPY dist dist\nCMD ["node", "dist/index.js"]\n',
    'compose.yaml': 'services:\n  weather:\n    build: .\n    restart: unless-stopped\n',
    ...files,
  };
  for (const [file, text] of Object.entries(all)) await writeFile(join(root, file), text);
  return root;
}

const rows = ['--only', 'non-root-user', '--only', 'restart-policy'];
const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

describe('a baseline', () => {
  it('accepts known failures, and no others', async () => {
    const root = await rootful('known');
    const file = join(root, 'baseline.json');
    const audit = (...more: string[]) => runInProcess(['audit', root, ...rows, ...more]);

    expect((await audit('--fail-on', 'required')).exitCode).toBe(1);
    expect((await audit('--write-baseline', file)).exitCode).toBe(0);
    const written = await json(file);
    expect(written.failures).toContainEqual(
      expect.objectContaining({ row: 'non-root-user', criterion: 'image-user' }),
    );
    const accepted = await audit('--baseline', file, '--fail-on', 'required');
    expect(accepted.exitCode).toBe(0);
    expect(accepted.stdout).toMatch(
      /baseline lists \d+ failures?, which the\s+gate\s+ignores:\s+non-root-user/,
    );

    await writeFile(join(root, 'compose.yaml'), 'services:\n  weather:\n    build: .\n');
    const worse = await audit('--baseline', file);
    expect(worse.exitCode).toBe(1);
    expect(worse.stderr).toContain('New failure: restart-policy, declared.');
  });

  it('breaks the gate if an entry now passes, and names the entry', async () => {
    const root = await rootful('stale');
    const file = join(root, 'baseline.json');
    await runInProcess(['audit', root, ...rows, '--write-baseline', file]);
    await writeFile(join(root, 'Dockerfile'), 'FROM node:24.11.1-slim\nUSER node\n');
    const { exitCode, stderr } = await runInProcess(['audit', root, ...rows, '--baseline', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('non-root-user, image-user is out of date: it passes now. Remove it.');
  });

  it('of the configuration is relative to the configuration', async () => {
    const root = await rootful('configured', {
      'mcp-prod.config.json': '{"gate":{"baseline":"known.json"}}',
      'known.json': '{"schemaVersion":1,"failures":[]}',
    });
    const audit = (...more: string[]) => runInProcess(['audit', root, ...rows, ...more], { cwd: folder });
    expect((await audit()).stderr).toContain('New failure: non-root-user');
    expect((await audit('--write-baseline', join(root, 'known.json'))).exitCode).toBe(0);
    expect((await audit()).exitCode).toBe(0);
  });

  it('is not written for a target that could not be assessed', async () => {
    const root = join(folder, 'empty');
    await mkdir(root);
    const file = join(root, 'baseline.json');
    expect((await runInProcess(['audit', root, '--write-baseline', file])).exitCode).toBe(3);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('a selection of rows', () => {
  it('is stated in the report, and cannot make a server ready', async () => {
    const root = await rootful('selected');
    const args = ['audit', root, '--only', 'restart-policy'];
    const { stdout } = await runInProcess([...args, '--format', 'json']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ score: 50, ready: false, coverage: 50 });
    expect(report.leftOut).toContainEqual({ id: 'non-root-user', level: 'required' });
    const printed = (await runInProcess(args)).stdout;
    expect(printed).toContain('--only and --skip selected 1 of 10 rows of the profile "checklist".');
    expect(printed.replace(/\s+/g, ' ')).toContain(
      'of 6 required rows, 1 could be assessed in part and 5 left out',
    );
  });

  it('omits skipped rows', async () => {
    const root = await rootful('skipped');
    const { stdout } = await runInProcess(['audit', root, '--skip', 'non-root-user', '--format', 'json']);
    expect(JSON.parse(stdout).rows).toHaveLength(9);
  });
});

describe('files', () => {
  it('get the whole report as stdout does, and no temporary file is left', async () => {
    const root = await rootful('output');
    const reports = join(folder, 'reports');
    await mkdir(reports);
    await writeFile(join(reports, 'real.json'), 'an earlier one');
    await symlink('real.json', join(reports, 'link.json'));
    const args = ['audit', root, '--format', 'json'];
    const outputs = ['--output', 'a.JSON', '--output', 'link.json'];
    const { stdout } = await runInProcess([...args, ...outputs], { cwd: reports });
    expect(await readFile(join(reports, 'a.JSON'), 'utf8')).toBe(stdout);
    expect(await readFile(join(reports, 'real.json'), 'utf8')).toBe(stdout);
    expect((await readdir(reports)).sort()).toEqual(['a.JSON', 'link.json', 'real.json']);
  });

  it.each([
    ['.md', /^## /],
    ['.html', /^<!doctype html>/i],
    ['.xml', /^<\?xml /],
    ['.sarif', /^\{/],
    ['.svg', /^<svg /],
  ])('get the format of %s', async (extension, beginning) => {
    const root = await rootful('formats');
    const file = join(folder, `report${extension}`);
    const { stdout } = await runInProcess(['audit', root, '--output', file]);
    expect(await readFile(file, 'utf8')).toMatch(beginning);
    expect(stdout).toContain('non-root-user');
  });

  it('get the report even if nothing could be assessed', async () => {
    const root = join(folder, 'nothing');
    await mkdir(root);
    const file = join(folder, 'nothing.json');
    expect((await runInProcess(['audit', root, '--output', file])).exitCode).toBe(3);
    expect(await json(file)).toMatchObject({ score: null, ready: false });
  });
});

describe('a usage error exits with 2', () => {
  it('and prints one or two lines before anything is sent', async () => {
    const files = {
      'broken.json': '{"schemaVersion":1,"failures":[{"row":"non-root-user","criterium":"image-user"}]}',
      'no-json.json': 'failures: []',
      'evidence.json': '{"schemaVersion":1}',
      'newer.json': '{"schemaVersion":2,"tool":{"name":"mcp-prod","version":"9.0.0"}}',
      'mcp-prod.config.json': '{"gate":{"minCoverage":101}}',
    };
    const cwd = join(folder, 'usage');
    await mkdir(cwd);
    for (const [file, text] of Object.entries(files)) await writeFile(join(cwd, file), text);
    const url = 'http://127.0.0.1:9/mcp';
    const lines = [
      ['audit', url, '--baseline', 'nowhere.json'],
      ['audit', url, '--baseline', 'broken.json'],
      ['audit', url, '--baseline', 'no-json.json'],
      ['audit', url, '--baseline', ''],
      ['audit', url, '--baseline', 'a.json', '--write-baseline', 'a.json'],
      ['audit', url, '--write-baseline', 'nowhere/a.json'],
      ['audit', url, '--write-baseline', 'broken.json'],
      ['audit', url, '--min-coverage', '101'],
      ['audit', url, '--only', 'health'],
      ['audit', url, '--only', 'metrics'],
      ['audit', url, '--only', 'health-endpoint', '--skip', 'health-endpoint'],
      ['audit', url, '--skip', 'health-endpoint', '--require', 'health-endpoint'],
      ['audit', url, '--output', 'report.pdf'],
      ['audit', url, '--output', 'report'],
      ['audit', url, '--output', 'nowhere/report.json'],
      ['audit', url, '--output', ''],
      ['audit', url, '--output', 'a.json', '--output', './a.json'],
      ['audit', url, '--output', 'a.json', '--save-evidence', 'a.json'],
      ['audit', url, '--save-evidence', 'nowhere/evidence.json'],
      ['audit', url, '--save-evidence', '.'],
      ['audit', url, '--evidence', 'evidence.json'],
      ['audit', '--project', '.', '--evidence', 'evidence.json'],
      ['audit', '--evidence', 'evidence.json', '--save-evidence', 'b.json'],
      ['audit', '--evidence', 'nowhere.json'],
      ['audit', '--evidence', 'evidence.json'],
      ['audit', '--evidence', 'newer.json'],
      ['audit', '--evidence', 'no-json.json'],
      ['audit', '.'],
    ];
    const transcripts = [];
    for (const args of lines) {
      // Only the last line uses the wrong configuration.
      const config = args.at(-1) === '.' && args.length === 2 ? [] : ['--config', '../no-gate.json'];
      await writeFile(join(folder, 'no-gate.json'), '{}');
      const result = await runInProcess([...args, ...config], { cwd });
      expect(result, args.join(' ')).toMatchObject({ stdout: '', exitCode: 2 });
      transcripts.push(transcript(args, result, { [cwd]: '/home/user' }));
    }
    expect((await readdir(cwd)).sort()).toEqual(Object.keys(files).sort());
    expectGolden('audit-gates.txt', transcripts.join('\n'));
  });
});
