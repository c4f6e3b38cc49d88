import type { PackageManager } from './package-managers.ts';

/** What a Dockerfile and a pipeline say differently for each package manager, as text to put in. */
export interface ImageValues {
  /** Shell line for a machine that has Node and npm only: makes the package manager available and installs. */
  install: string;
  /** Lines of a `.dockerignore` that let the manifests through. */
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
