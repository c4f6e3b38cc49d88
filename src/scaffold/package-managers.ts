/** How documentation, images and pipelines use a package manager. Commands are for a POSIX shell. */
export interface PackageManager {
  name: string;
  lockfile: string;
  /** Its name for Dependabot. */
  ecosystem: string;
  /** Files that an installation in an image needs, separated by spaces. */
  manifests: string;
  install: string;
  /** Installs exactly what the lockfile lists, or fails. */
  frozenInstall: string;
  /** Precedes a script's name. */
  run: string;
  test: string;
  start: string;
  /** Runs the command of a package, and fetches the package if needed. */
  exec: string;
  /** Installs it in the official node image; empty if the image has it. */
  setup: string;
}

/** The layers repeat these in the `packageManager` field of the project. */
export const pinnedVersions = { pnpm: '12.21.0', yarn: '4.18.1', bun: '1.4.5' } as const;

export const packageManagers: Readonly<Record<string, PackageManager>> = {
  npm: {
    name: 'npm',
    lockfile: 'package-lock.json',
    ecosystem: 'npm',
    manifests: 'package.json package-lock.json .npmrc',
    install: 'npm install',
    frozenInstall: 'npm ci --no-audit --no-fund',
    run: 'npm run',
    test: 'npm test',
    start: 'npm start',
    exec: 'npx',
    setup: '',
  },
  pnpm: {
    name: 'pnpm',
    lockfile: 'pnpm-lock.yaml',
    ecosystem: 'npm',
    manifests: 'package.json pnpm-lock.yaml pnpm-workspace.yaml',
    install: 'pnpm install',
    frozenInstall: 'pnpm install --frozen-lockfile',
    run: 'pnpm run',
    test: 'pnpm test',
    start: 'pnpm start',
    exec: 'pnpm dlx',
    setup: `npm install --global pnpm@${pinnedVersions.pnpm}`,
  },
  yarn: {
    name: 'yarn',
    lockfile: 'yarn.lock',
    ecosystem: 'npm',
    manifests: 'package.json yarn.lock .yarnrc.yml',
    install: 'yarn install',
    frozenInstall: 'yarn install --immutable',
    run: 'yarn run',
    test: 'yarn test',
    start: 'yarn start',
    exec: 'yarn dlx',
    // The image contains Yarn 1 under the same name.
    setup: `npm install --global --force @yarnpkg/cli-dist@${pinnedVersions.yarn}`,
  },
  bun: {
    name: 'bun',
    lockfile: 'bun.lock',
    ecosystem: 'bun',
    manifests: 'package.json bun.lock bunfig.toml',
    install: 'bun install',
    frozenInstall: 'bun install --frozen-lockfile',
    run: 'bun run',
    // `bun test` would start Bun's own test runner.
    test: 'bun run test',
    start: 'bun run start',
    exec: 'bunx',
    setup: `npm install --global bun@${pinnedVersions.bun}`,
  },
};
