import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pause, untilAborted } from '../pause.ts';
import { isInside } from './read-file.ts';
import { namesOf } from './text.ts';

/** Levels of directories below the root: `a/b/c/d/e/f` is the deepest. */
const depthLimit = 6;
const entryLimit = 20_000;

/** Directories that tools install or generate. Their files deploy nothing. */
const skippedDirectories = new Set(
  `.cache .git .gradle .hg .mypy_cache .next .nox .nuxt .pnpm-store .pytest_cache .svn .terraform .tox
   .turbo .venv .yarn __pycache__ bower_components build coverage dist node_modules out site-packages
   target vendor venv`.split(/\s+/),
);

/** Why an entry was not read, as the beginning of a notice. */
const omissions = {
  outside: 'Links that lead out of the project were not followed',
  nothing: 'Links without a target were not read',
  special: 'Files that are not regular files were not read',
  closed: 'Directories that could not be listed',
};
type Omission = keyof typeof omissions;

/**
 * Lists a project's files, without following links to directories and without leaving the root. Never throws.
 *
 * @param root absolute, free of links
 * @returns regular files and links to them, relative to the root with forward slashes; those nearest to the root first
 */
export async function walkProject(
  root: string,
  signal: AbortSignal,
): Promise<{ files: string[]; notices: string[] }> {
  const files: string[] = [];
  const omitted = { outside: [], nothing: [], special: [], closed: [] } as Record<Omission, string[]>;
  let entries = 0;
  let bounded = false;
  let level = [''];

  const walk = async () => {
    for (let depth = 0; level.length > 0; depth++) {
      const below: string[] = [];
      for (const directory of level) {
        const listing = await list(path.join(root, directory), entryLimit - entries, signal);
        if (!listing) {
          omitted.closed.push(directory || '.');
          continue;
        }
        entries += listing.entries.length;
        bounded ||= listing.more;
        for (const entry of listing.entries) {
          await pause(signal);
          const file = directory === '' ? entry.name : `${directory}/${entry.name}`;
          const kind = await kindOf(root, file, entry);
          if (kind === 'file') files.push(file);
          else if (kind !== 'directory') omitted[kind].push(file);
          else if (entry.isDirectory() && !skippedDirectories.has(entry.name)) below.push(file);
        }
      }
      if (depth === depthLimit && below.length > 0) bounded = true;
      level = depth === depthLimit ? [] : below;
    }
  };
  await untilAborted(signal, walk);

  const notices = (Object.keys(omissions) as Omission[])
    .filter((omission) => omitted[omission].length > 0)
    .map((omission) => `${omissions[omission]}: ${namesOf(omitted[omission])}.`);
  if (bounded) {
    notices.unshift(
      `The project is large. Only ${depthLimit} levels of directories and ${entryLimit} entries were read.`,
    );
  }
  return { files, notices };
}

/** At most `limit` entries in the order of their names. */
async function list(
  directory: string,
  limit: number,
  signal: AbortSignal,
): Promise<{ entries: Dirent[]; more: boolean } | undefined> {
  const entries: Dirent[] = [];
  let more = false;
  try {
    for await (const entry of await opendir(directory)) {
      await pause(signal);
      if (entries.length >= limit) {
        more = true;
        break;
      }
      entries.push(entry);
    }
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { entries, more };
}

/** What an entry is; of a link, what it leads to. */
async function kindOf(root: string, file: string, entry: Dirent): Promise<'file' | 'directory' | Omission> {
  if (entry.isDirectory()) return 'directory';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return 'special';
  try {
    const real = await realpath(path.join(root, file));
    if (!isInside(root, real)) return 'outside';
    return (await stat(real)).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'nothing';
  }
}
