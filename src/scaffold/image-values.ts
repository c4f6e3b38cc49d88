import type { PackageManager } from './package-managers.ts';

/** Text for Dockerfiles and pipelines that depends on the package manager. */
export interface ImageValues {
  /** Shell command for a machine with only Node and npm: sets up the package manager and installs. */
  install: string;
  /** Lines of a `.dockerignore` that include the manifests. */
  manifestExceptions: string;
}

export function imageValues(pm: PackageManager): ImageValues {
  return {
    install: [pm.setup, pm.frozenInstall].filter((command) => command !== '').join(' && '),
    manifestExceptions: pm.manifests
      .split(' ')
      .map((file) => `!${file}`)
      .join('\n'),
  };
}
