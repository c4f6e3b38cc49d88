import { execa } from 'execa';

export type InstallResult = { installed: true } | { installed: false; reason: string };

const killAfterMs = 2_000;

/**
 * Installs the dependencies of the project in `directory` with npm. Never throws for what npm meets: a machine that is
 * offline is no reason to lose the project. When `signal` aborts, npm and all it started are ended before this returns.
 */
export async function installDependencies(
  directory: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<InstallResult> {
  const child = execa('npm', installArguments, {
    cwd: directory,
    env: environmentFor(env),
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
    // A process group of its own, so that npm's children can be ended with it.
    detached: process.platform !== 'win32',
    cleanup: false,
  });
  const end = () => endGroup(child.pid, 'SIGTERM');
  const endAtExit = () => endGroup(child.pid, 'SIGKILL');
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    end();
    timer = setTimeout(endAtExit, killAfterMs);
  };
  signal.addEventListener('abort', onAbort);
  // Before the temporary directory is removed by its own listener: npm would write into it again.
  process.prependOnceListener('exit', endAtExit);
  if (signal.aborted) onAbort();
  const result = await child;
  clearTimeout(timer);
  process.off('exit', endAtExit);
  signal.removeEventListener('abort', onAbort);
  // npm itself may end before its children do.
  if (signal.aborted) endAtExit();

  // What npm cannot unpack, on a full disk for one, is a warning to it and leaves empty files.
  const unpacked = /TAR_ENTRY_ERROR (.+)/.exec(result.stderr);
  if (unpacked)
    return { installed: false, reason: `packages could not be unpacked (${unpacked[1]?.trim()})` };
  if (!result.failed) return { installed: true };
  if (result.code === 'ENOENT') return { installed: false, reason: 'npm was not found' };
  return { installed: false, reason: reasonOf(result.stderr) };
}

const installArguments = [
  'install',
  // NODE_ENV=production in the environment would leave out the compiler.
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
];

/** Without what an npm or npx that started this process has set for its own run, which would point npm elsewhere. */
function environmentFor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own =
    /^(INIT_CWD|npm_(command|package_.*|lifecycle_.*|config_(local_prefix|prefix|global|package|call|dry_run|workspaces?)))$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Gone already.
  }
}

/** The line of npm's output that tells most: `npm error code X` and file names of logs do not. */
function reasonOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => /^npm (?:error|ERR!) (.+)$/.exec(line.trim())?.[1] ?? '')
    .filter((line) => line !== '');
  const telling = lines.filter(
    (line) => !/^(code|errno|syscall|path|A complete log|Log files|If you are behind)\b/.test(line),
  );
  return (telling[0] ?? lines[0] ?? 'npm failed without saying why').slice(0, 300);
}
