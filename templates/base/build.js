import { build } from 'rolldown';

// The packages are part of dist/: the server starts sooner, and runs where no node_modules is.
await build({
  input: ['src/index.ts', 'src/stdio.ts'],
  platform: 'node',
  output: { dir: 'dist', cleanDir: true, sourcemap: true },
  // By default a package that is not installed is left out with a warning.
  onLog: (level, log, handle) => handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log),
});
