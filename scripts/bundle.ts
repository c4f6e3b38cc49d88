import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { bundledPackages, notices } from './third-party.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The entry points. Modules that they load late become files of their own. */
export const programs = {
  main: 'src/cli/main.ts',
  'watchdog-process': 'src/lab/world/launcher/watchdog-process.ts',
};

/** Files that servers under test load, copied unchanged. */
const preloads = ['node-preload.cjs', 'node-clock.cjs', 'python'].map(
  (name) => `src/lab/world/interposition/${name}`,
);

/**
 * Writes the programs with their packages and licences. All files are in one folder: a module finds `./x` beside itself and
 * the package one level up, as in `src/`.
 *
 * @param folder is emptied first
 * @throws Error at any warning of the bundler: by default, it only warns about a package that is not installed
 */
export async function bundle(folder: string, entries: Record<string, string> = programs): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { output } = await build({
    cwd: root,
    input: entries,
    platform: 'node',
    transform: { target: 'node20.19' },
    // Not minified: that would not start faster, and stack traces would be unreadable.
    output: { dir: folder, entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
  });
  for (const preload of preloads) {
    cpSync(join(root, preload), join(folder, basename(preload)), {
      recursive: true,
      filter: (file) => basename(file) !== '__pycache__',
    });
  }
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices(bundledPackages(modules)));
}
