import { build } from 'rolldown';

// The packages are part of dist/: the server starts sooner, and runs where no node_modules is.
await build({
  input: ['src/index.ts', 'src/stdio.ts'],
  platform: 'node',
  // Names without hashes: a build replaces files in place, also beside a server that is about to start.
  output: { dir: 'dist', chunkFileNames: '[name].js', sourcemap: true },
  // By default a package that is not installed is left out with a warning.
  onLog: (level, log, handle) => handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log),
});
