import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { breathe, untilAborted } from '../breathe.ts';
import { isInside } from './read-file.ts';
import { namesOf } from './text.ts';

/** Directories below the root that are entered: `a/b/c/d/e/f` is the deepest. */
const depthLimit = 6;
const entryLimit = 20_000;

/** What tools install or generate: nobody deploys from a description in there. */
const skippedDirectories = new Set(
  `.cache .git .gradle .hg .mypy_cache .next .nox .nuxt .pnpm-store .pytest_cache .svn .terraform .tox
   .turbo .venv .yarn __pycache__ bower_components build coverage dist node_modules out site-packages
   target vendor venv`.split(/\s+/),
);

export interface Walk {
  /** Regular files and links to such, relative to the root with forward slashes; nearest to the root first. */
  files: string[];
  notices: string[];
}

/**
 * Lists a project's files, without following links to directories and without leaving the root. Never throws.
 *
 * @param root absolute, free of links
 */
export async function walkProject(root: string, signal: AbortSignal): Promise<Walk> {
  const files: string[] = [];
  const outward: string[] = [];
  const dangling: string[] = [];
  const special: string[] = [];
  const closed: string[] = [];
  let entries = 0;
  let bounded = false;
  let level = [''];

  const walk = async () => {
    for (let depth = 0; level.length > 0; depth++) {
      const below: string[] = [];
      for (const directory of level) {
        const listing = await list(path.join(root, directory), entryLimit - entries, signal);
        if (!listing) {
          closed.push(directory || '.');
          continue;
        }
        entries += listing.entries.length;
        bounded ||= listing.more;
        for (const entry of listing.entries) {
          await breathe(signal);
          const file = directory === '' ? entry.name : `${directory}/${entry.name}`;
          if (entry.isDirectory()) {
            if (!skippedDirectories.has(entry.name)) below.push(file);
          } else if (entry.isFile()) {
            files.push(file);
          } else if (entry.isSymbolicLink()) {
            const target = await targetOf(root, file);
            if (target === 'file') files.push(file);
            if (target === 'outside') outward.push(file);
            if (target === 'nothing') dangling.push(file);
          } else {
            special.push(file);
          }
        }
      }
      if (depth === depthLimit && below.length > 0) bounded = true;
      level = depth === depthLimit ? [] : below;
    }
  };
  await untilAborted(signal, walk);

  const notices: string[] = [];
  if (bounded) {
    notices.push(
      `The project is large: only ${depthLimit} levels of directories and ${entryLimit} entries were looked at.`,
    );
  }
  if (outward.length > 0)
    notices.push(`Not followed, because they lead out of the project: ${namesOf(outward)}.`);
  if (dangling.length > 0) notices.push(`Not read, because the link leads nowhere: ${namesOf(dangling)}.`);
  if (special.length > 0) notices.push(`Not read, because they are no regular files: ${namesOf(special)}.`);
  if (closed.length > 0) notices.push(`Directories that could not be listed: ${namesOf(closed)}.`);
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
      await breathe(signal);
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

async function targetOf(root: string, file: string): Promise<'file' | 'directory' | 'outside' | 'nothing'> {
  try {
    const real = await realpath(path.join(root, file));
    if (!isInside(root, real)) return 'outside';
    return (await stat(real)).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'nothing';
  }
}
