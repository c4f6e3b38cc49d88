import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileError } from '../../src/config/json-file.ts';
import { loadConfig } from '../../src/config/load.ts';

let root: string;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mcp-prod-config-'));
  file = join(root, 'mcp-prod.config.json');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('no file is no configuration', async () => {
  expect(await loadConfig(file)).toBeNull();
});

test('a byte order mark is no mistake', async () => {
  await writeFile(file, '\uFEFF{"health":"/health"}');
  expect(await loadConfig(file)).toEqual({ health: '/health' });
});

test.each([
  ['a directory', async () => root, /is a directory/],
  [
    // Reading it would wait for a writer, and no signal could end that.
    'a named pipe',
    async () => {
      await execa('mkfifo', [file]);
      return file;
    },
    /is not a regular file/,
  ],
  [
    'a huge file',
    async () => {
      await writeFile(file, '');
      await truncate(file, 5_000_000_000);
      return file;
    },
    /is larger than 1 MB/,
  ],
  [
    'an unknown key',
    async () => {
      await writeFile(file, '{"gate":{"minscore":1}}');
      return file;
    },
    /unknown key "gate\.minscore"/,
  ],
])('%s is refused', async (_what, make, message) => {
  const refusal = await loadConfig(await make()).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FileError);
  expect(refusal).toMatchObject({ message: expect.stringMatching(message), hint: expect.any(String) });
});
