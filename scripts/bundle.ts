import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { bundledPackages, notices } from './third-party.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What Node is started with. What they load late is in files of its own. */
export const programs = {
  main: 'src/cli/main.ts',
  'watchdog-process': 'src/lab/world/launcher/watchdog-process.ts',
};

/** What servers under test load as it is. */
const preloads = ['node-preload.cjs', 'node-clock.cjs', 'python'].map(
  (name) => `src/lab/world/interposition/${name}`,
);

/**
 * Writes the programs with the packages they use, and the licences of these. All files lie in one folder, so that a
 * module finds `./x` beside itself and the package one up, as it does in `src/`.
 *
 * @param folder is emptied before
 * @throws Error at whatever the bundler warns of: by default a package that is not installed is left out
 */
export async function bundle(folder: string, entries: Record<string, string> = programs): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { output } = await build({
    cwd: root,
    input: entries,
    platform: 'node',
    transform: { target: 'node20.19' },
    // Not minified: it would start no sooner, and a stack trace could not be read.
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
