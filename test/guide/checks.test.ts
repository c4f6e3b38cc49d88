import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPages } from '../../scripts/docs.ts';
import { profiles } from '../../src/checklist/checklist.ts';
import { describeRow } from '../../src/guide/describe.ts';
import { explanation } from '../../src/guide/terminal.ts';
import { runInProcess, transcript } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { rowOf } from '../support/rows.ts';

const ids = profiles.extended.map(({ id }) => id);
const docs = new URL('../../docs/checks/', import.meta.url);

describe('the pages of the documentation', () => {
  it('are what the rows say (npm run docs)', async () => {
    const pages = checkPages();
    expect((await readdir(docs)).sort()).toEqual(Object.keys(pages).sort());
    for (const [name, text] of Object.entries(pages)) {
      expect(await readFile(new URL(name, docs), 'utf8'), name).toBe(text);
    }
  });

  it('close every fence and table row', () => {
    for (const [name, text] of Object.entries(checkPages())) {
      expect(text.match(/^```/gm)?.length ?? 0, name).toSatisfy((fences: number) => fences % 2 === 0);
      for (const line of text.match(/^\|.*/gm) ?? []) expect(line, name).toMatch(/\|$/);
    }
  });
});

describe('remedies', () => {
  it('exist for every row', () => {
    for (const id of ids) expect(rowOf(id).remedies.python.code.trim(), id).not.toBe('');
  });

  describe('of deployment files', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mcp-prod-remedies-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const rows = ['non-root-user', 'image-hygiene', 'restart-policy', 'resource-limits', 'log-aggregation'];
    it.each(rows.flatMap((id) => (['typescript', 'python'] as const).map((stack) => [id, stack] as const)))(
      '%s in %s is what its row asks for',
      async (id, stack) => {
        const { language, code } = rowOf(id).remedies[stack];
        const root = join(folder, `${id}-${stack}`);
        await mkdir(root);
        await writeFile(join(root, language === 'dockerfile' ? 'Dockerfile' : 'compose.yaml'), code);
        for (const lockfile of ['package-lock.json', 'uv.lock']) await writeFile(join(root, lockfile), '{}');
        const args = ['audit', root, '--profile', 'extended', '--only', id, '--format', 'json'];
        const [row] = JSON.parse((await runInProcess(args)).stdout).rows;
        expect(['pass', 'partial']).toContain(row.verdict);
      },
    );
  });
});

describe('mcp-prod checks', () => {
  it('lists the checklist, explains a row, and rejects an unknown id', async () => {
    const lines = [
      ['checks'],
      ['checks', 'restart-policy'],
      ['checks', 'restart'],
      ['checks', '--format', 'x'],
    ];
    const transcripts = [];
    for (const args of lines) transcripts.push(transcript(args, await runInProcess(args)));
    expectGolden('checks.txt', transcripts.join('\n'));
  });

  it('prints the same data as JSON', async () => {
    const all = JSON.parse((await runInProcess(['checks', '--format', 'json'])).stdout);
    expect(all).toEqual(profiles.extended.map((row) => JSON.parse(JSON.stringify(describeRow(row)))));
    const { stdout } = await runInProcess(['checks', 'metrics', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'metrics', profiles: ['extended'], points: 5 });
  });

  it('wraps text but not code', () => {
    const check = describeRow(rowOf('graceful-shutdown'));
    const text = explanation(check, { columns: 60, colour: 0 });
    const code = `${check.remedies.typescript.code}\n${check.remedies.python.code}`.split('\n');
    for (const line of text.split('\n').filter((line) => line.length > 60)) {
      expect(
        [...code, ...check.sources].some((long) => line.includes(long) || long.includes(line.trim())),
      ).toBe(true);
    }
  });
});
