/** How a package manager is asked to install into a new project, and how it says what went wrong. */
export interface InstallCommand {
  arguments: readonly string[];
  /** Finds the line of its output that tells why it failed; the group that matches is for people. */
  problem: RegExp;
  /** Lines that `problem` finds as well, and that say little. */
  noise?: RegExp;
}

/**
 * By the name of the package manager. Each also installs what development needs when NODE_ENV says production, and writes
 * its lockfile where CI is set.
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
      // The new project is one of its own, even inside the folder of a workspace.
      '--workspaces=false',
      // npm's default waits a minute before it admits to be offline.
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
    // From 12 on the cause is the last branch of a drawn tree.
    problem: /(?:╰─▶|ERR_PNPM_\w{1,60}) +(\S.*)$/s,
  },
  yarn: {
    arguments: ['install', '--no-immutable'],
    // Lines of progress, of what was added, and of peers that nobody provides.
    problem: /YN(?!0000|0002|0013|0085|0086)\d{4}: [│·\s]*([^│·\s].*)$|^((?:Usage|Syntax) Error.*)$/,
  },
  bun: {
    arguments: ['install', '--no-progress', '--no-summary'],
    problem: /^error: (.+)$/,
  },
};
