import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { type InstallCommand, installCommands } from './install-commands.ts';

export type InstallResult = { installed: true } | { installed: false; reason: string };

const killAfterMs = 2_000;

/**
 * Installs the dependencies of the project in `directory`. Never throws if the package manager fails: the project is kept
 * even on an offline machine. When `signal` aborts, the package manager and its children are ended before this returns.
 *
 * @param manager the name of a package manager
 */
export async function installDependencies(
  directory: string,
  manager: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<InstallResult> {
  const command = installCommands[manager];
  if (command === undefined) throw new Error(`The package manager ${manager} is unknown.`);
  const child = execa(manager, command.arguments, {
    cwd: directory,
    env: environmentFor(env),
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    // Its own process group: its children are ended with it.
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
  // Runs before the listener that removes the temporary directory: the package manager must not write to it again.
  process.prependOnceListener('exit', endAtExit);
  if (signal.aborted) onAbort();
  const result = await child;
  clearTimeout(timer);
  process.off('exit', endAtExit);
  signal.removeEventListener('abort', onAbort);
  // Its children may outlive it.
  if (signal.aborted) endAtExit();

  const output = stripVTControlCharacters(result.all ?? '');
  // npm only warns if it cannot unpack a package, for example on a full disk, and leaves empty files.
  const unpacked = /TAR_ENTRY_ERROR (.+)/.exec(output);
  if (unpacked)
    return { installed: false, reason: `packages could not be unpacked (${unpacked[1]?.trim()})` };
  if (!result.failed) return { installed: true };
  if (result.code === 'ENOENT') return { installed: false, reason: `${manager} was not found` };
  return {
    installed: false,
    reason: reasonIn(output, command) ?? `${manager} failed without an error message`,
  };
}

/** Without the variables of an npm or npx that started this process: they would redirect npm. */
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
    // Already ended.
  }
}

/** The most helpful line of the output. */
function reasonIn(output: string, { problem, noise }: InstallCommand): string | undefined {
  const lines = output.split('\n').flatMap((line) => {
    const [, ...groups] = problem.exec(line.trim()) ?? [];
    return groups.find((group) => group !== undefined) ?? [];
  });
  return (lines.find((line) => !noise?.test(line)) ?? lines[0])?.slice(0, 300);
}
