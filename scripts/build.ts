// Builds dist/: the program and the packages it uses, in a few files that load in a third of the time.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { bundledPackages, notices } from './third-party.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Programs of their own. What they load late is in files of its own as well. */
const programs = {
  main: 'src/cli/main.ts',
  'watchdog-process': 'src/lab/launcher/watchdog-process.ts',
};

/** What servers under test load as it is. */
const preloads = ['src/lab/interposition/node-preload.cjs', 'src/lab/interposition/python'];

rmSync(dist, { recursive: true, force: true });
const { output } = await build({
  cwd: root,
  input: programs,
  platform: 'node',
  transform: { target: 'node20.19' },
  // All in one folder, so that a module finds `./x` beside itself and the package one up, as it does in src/.
  output: { dir: dist, entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  // By default a package that is not installed is left out with a warning.
  onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
});
for (const file of preloads) {
  const name = file.slice(dirname(file).length + 1);
  cpSync(join(root, file), join(dist, name), {
    recursive: true,
    filter: (source) => !source.endsWith('__pycache__'),
  });
}
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(bundledPackages(modules)));
