import path from 'node:path';

/** The lockfiles of package managers. */
const lockfiles = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
  ...['uv.lock', 'poetry.lock', 'Pipfile.lock', 'pdm.lock', 'Cargo.lock', 'go.sum', 'packages.lock.json'],
]);

/** Whether a file is a lockfile, by its name. */
export const isLockfile = (file: string): boolean => lockfiles.has(path.posix.basename(file));
