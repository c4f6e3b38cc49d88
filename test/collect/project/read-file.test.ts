import { execFileSync } from 'node:child_process';
import { promises } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNamedText, readText } from '../../../src/collect/project/files/read-file.ts';

const { open } = promises;

/** Has something happen between the look at a file and its opening, and right after that. */
function onOpening(
  meanwhile: () => Promise<unknown>,
  afterwards: () => Promise<unknown> = async () => {},
): void {
  promises.open = async (...words) => {
    await meanwhile();
    const handle = await open(...words);
    await afterwards();
    return handle;
  };
  // Modules that are loaded already see it as well.
  syncBuiltinESMExports();
}

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'mcp-prod-read-')));
  root = path.join(folder, 'project');
  await mkdir(path.join(root, 'inner'), { recursive: true });
  await writeFile(path.join(root, 'inner', 'file'), 'inside');
  await mkdir(path.join(folder, 'outer'));
  await writeFile(path.join(folder, 'outer', 'file'), 's3cret');
});
afterEach(async () => {
  promises.open = open;
  syncBuiltinESMExports();
  await rm(folder, { recursive: true, force: true });
});

describe('between the look at a file and its opening', () => {
  it('nothing may be put in the place of its directory', async () => {
    onOpening(async () => {
      await rename(path.join(root, 'inner'), path.join(root, 'moved'));
      await symlink('../outer', path.join(root, 'inner'));
    });
    expect(await readText(root, 'inner/file')).toEqual({ skipped: 'leads out of the project' });
  });

  it('nor for a moment', async () => {
    const [inner, moved] = [path.join(root, 'inner'), path.join(root, 'moved')];
    onOpening(
      async () => {
        await rename(inner, moved);
        await symlink('../outer', inner);
      },
      async () => {
        await unlink(inner);
        await rename(moved, inner);
      },
    );
    expect(await readText(root, 'inner/file')).toEqual({ skipped: 'changed while it was opened' });
  });

  it('no link may be put in its place', async () => {
    onOpening(async () => {
      await unlink(path.join(root, 'inner', 'file'));
      await symlink(path.join(folder, 'outer', 'file'), path.join(root, 'inner', 'file'));
    });
    expect(await readText(root, 'inner/file')).toEqual({ skipped: 'is a link that leads to itself' });
  });

  it.each([
    ['of the project', () => readText(root, 'inner/file')],
    ['that was named', () => readNamedText(path.join(root, 'inner', 'file'))],
  ])('no pipe may be put in the place of one %s', async (_which, read) => {
    onOpening(async () => {
      await unlink(path.join(root, 'inner', 'file'));
      execFileSync('mkfifo', [path.join(root, 'inner', 'file')]);
    });
    expect(await read()).toEqual({ skipped: 'is not a regular file' });
  });
});

describe('a file that the user named', () => {
  it('may be a link, anywhere', async () => {
    await symlink('../outer/file', path.join(root, 'link'));
    expect(await readNamedText(path.join(root, 'link'))).toEqual({ text: 's3cret' });
    expect(await readText(root, 'link')).toEqual({ skipped: 'leads out of the project' });
  });

  it('is regular, text, and not too large', async () => {
    expect(await readNamedText(root)).toEqual({ skipped: 'is a directory' });
    expect(await readNamedText('/dev/zero')).toEqual({ skipped: 'is not a regular file' });
    expect(await readNamedText(path.join(root, 'none'))).toEqual({
      skipped: 'does not exist',
      missing: true,
    });
    const file = path.join(root, 'inner', 'file');
    await writeFile(file, 'a\0b');
    expect(await readNamedText(file)).toEqual({ skipped: 'is not a text file in UTF-8' });
    await truncate(file, 3 * 1024 * 1024 + 1);
    expect(await readNamedText(file, 3 * 1024 * 1024)).toEqual({ skipped: 'is larger than 3 MiB' });
  });
});
