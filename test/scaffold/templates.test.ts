import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readLayer, templatesRoot } from '../../src/scaffold/templates.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

test('template files are formatted and linted like other files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-templates-'));
  try {
    await cp(templatesRoot, join(folder, 'templates'), { recursive: true });
    const config = JSON.parse(await readFile(join(repository, 'biome.json'), 'utf8'));
    const { $schema: _schema, vcs: _vcs, ...rest } = config;
    const includes = ['**', '!**/fixtures'];
    await writeFile(join(folder, 'biome.json'), JSON.stringify({ ...rest, files: { includes } }));
    const biome = join(repository, 'node_modules/.bin/biome');
    const words = ['check', '--error-on-warnings', 'templates'];
    const { exitCode, stderr } = await execa(biome, words, { cwd: folder, reject: false });
    expect(exitCode, stderr).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('only files that need a value are templates', async () => {
  // Reads the whole of templates/ as one folder.
  const files = await readLayer('.');
  expect(files.length).toBeGreaterThan(100);
  const value =
    /(?<!\$)\{\{(json )?(name|slug|mcpApiKey|toolVersion|minScore|pm\.\w+|image\.\w+|images?\.\w+)\}\}/;
  for (const { path, contents } of files) {
    expect([path, value.test(contents)]).toEqual([path, path.endsWith('.hbs')]);
  }
});
