/** How a package manager installs a new project, and how it reports errors. */
export interface InstallCommand {
  arguments: readonly string[];
  /** Finds the line of its output that explains the failure. The matching group is shown. */
  problem: RegExp;
  /** Lines that `problem` also finds, but that explain little. */
  noise?: RegExp;
}

/**
 * By package manager. Each installs development dependencies even if NODE_ENV is production, and writes its lockfile even
 * if CI is set.
 */
export const installCommands: Readonly<Record<string, InstallCommand>> = {
  npm: {
    arguments: [
      'install',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--no-progress',
      '--loglevel=warn',
      '--prefer-offline',
      // The new project is independent, even inside a workspace.
      '--workspaces=false',
      // By default, npm waits a minute before it reports that it is offline.
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
    ],
    problem: /^npm (?:error|ERR!) (.+)$/,
    noise: /^(code|errno|syscall|path|A complete log|Log files|If you are behind)\b/,
  },
  pnpm: {
    arguments: [
      'install',
      '--prod=false',
      '--no-frozen-lockfile',
      '--prefer-offline',
      '--reporter=append-only',
      '--config.fetch-retries=1',
      '--config.fetch-retry-mintimeout=1000',
    ],
    // Since pnpm 12, the cause is the last branch of a tree.
    problem: /(?:╰─▶|ERR_PNPM_\w{1,60}) +(\S.*)$/s,
  },
  yarn: {
    arguments: ['install', '--no-immutable'],
    // Excluded: progress, added packages and missing peers.
    problem: /YN(?!0000|0002|0013|0085|0086)\d{4}: [│·\s]*([^│·\s].*)$|^((?:Usage|Syntax) Error.*)$/,
  },
  bun: {
    arguments: ['install', '--no-progress', '--no-summary'],
    problem: /^error: (.+)$/,
  },
};
