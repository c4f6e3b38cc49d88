import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { type InstallCommand, installCommands } from './install-commands.ts';

export type InstallResult = { installed: true } | { installed: false; reason: string };

const killAfterMs = 2_000;

/**
 * Installs the dependencies of the project in `directory`. Never throws for what the package manager meets: a machine that
 * is offline is no reason to lose the project. When `signal` aborts, it and all it started are ended before this returns.
 *
 * @param manager a package manager's name
 */
export async function installDependencies(
  directory: string,
  manager: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<InstallResult> {
  const command = installCommands[manager];
  if (command === undefined) throw new Error(`There is no way to install with ${manager}.`);
  const child = execa(manager, command.arguments, {
    cwd: directory,
    env: environmentFor(env),
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    // A process group of its own, so that its children can be ended with it.
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
  // Before the temporary directory is removed by its own listener: a package manager would write into it again.
  process.prependOnceListener('exit', endAtExit);
  if (signal.aborted) onAbort();
  const result = await child;
  clearTimeout(timer);
  process.off('exit', endAtExit);
  signal.removeEventListener('abort', onAbort);
  // It may itself end before its children do.
  if (signal.aborted) endAtExit();

  const output = stripVTControlCharacters(result.all ?? '');
  // What npm cannot unpack, on a full disk for one, is a warning to it and leaves empty files.
  const unpacked = /TAR_ENTRY_ERROR (.+)/.exec(output);
  if (unpacked)
    return { installed: false, reason: `packages could not be unpacked (${unpacked[1]?.trim()})` };
  if (!result.failed) return { installed: true };
  if (result.code === 'ENOENT') return { installed: false, reason: `${manager} was not found` };
  return {
    installed: false,
    reason: reasonIn(output, command) ?? `${manager} failed without saying why`,
  };
}

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

/** The line of the output that tells most. */
function reasonIn(output: string, { problem, noise }: InstallCommand): string | undefined {
  const lines = output.split('\n').flatMap((line) => {
    const [, ...groups] = problem.exec(line.trim()) ?? [];
    return groups.find((group) => group !== undefined) ?? [];
  });
  return (lines.find((line) => !noise?.test(line)) ?? lines[0])?.slice(0, 300);
}
