import { Command, CommanderError } from 'commander';
import { printable, visible } from '../text/printable.ts';
import { version } from '../version.ts';
import { auditCommand } from './commands/audit.ts';
import { checksCommand } from './commands/checks.ts';
import { initCommand } from './commands/init.ts';
import type { CliContext } from './context.ts';
import { Defect, describeThrown } from './defect.ts';
import { CommandError, type ExitCode, exitCode } from './exit.ts';
import { inert, onGitHub } from './github/workflow-commands.ts';

/**
 * Runs one command line.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code. The process exits by itself, after its output is flushed. Only a second interrupt, lost output,
 *   and a defect whose cleanup hangs end it at once.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const { stdin, stdout, stderr, env } = process;
  const stop = new AbortController();
  const context = { stdin, stdout, stderr, env, signal: stop.signal };
  let finished = false;
  let deadline: NodeJS.Timeout | undefined;
  const interrupt = () => {
    // A second signal means that the user does not want to wait for the cleanup.
    if (stop.signal.aborted) {
      stderr.write('\nmcp-prod: Interrupted.\n');
      process.exit(exitCode.interrupted);
    }
    stop.abort();
  };
  // Once the run is stopping, abandoned work may fail. It must not keep the run from exiting.
  const onDefect = (thrown: unknown) => {
    const isFirst = !stop.signal.aborted;
    if (isFirst) stop.abort(new Defect(thrown));
    if (isFirst && finished) process.exitCode = explain(stop.signal.reason, context);
    if (finished) return;
    deadline ??= setTimeout(() => process.exit(explain(stop.signal.reason, context)), cleanupMs);
  };
  for (const name of interruptions) process.on(name, interrupt);
  // These stay after the run: a late error must not exit with 1, as a gate that is not met does.
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
  // Node would exit with 13 if nothing is left that could settle a promise of the run.
  process.once('beforeExit', () => {
    if (!finished) onDefect(new Error('The run waits for a promise that nothing can settle.'));
  });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that closed the pipe (`| head`) is not a failure. A full disk is: the report is lost.
    if (error.code === 'EPIPE') return;
    if (!stop.signal.aborted) stderr.write(`mcp-prod: The output could not be written: ${error.message}.\n`);
    const isInterrupted = stop.signal.aborted && !(stop.signal.reason instanceof Defect);
    process.exit(isInterrupted ? exitCode.interrupted : exitCode.couldNotAssess);
  });
  // Without stderr, there is no other way to reach the user.
  stderr.on('error', () => {});
  try {
    const cwd = workingDirectory();
    if (cwd === null) {
      stderr.write('mcp-prod: The working directory no longer exists.\n  Change to another directory.\n');
      return exitCode.usage;
    }
    return await run(argv, { ...context, cwd });
  } finally {
    finished = true;
    clearTimeout(deadline);
    for (const name of interruptions) process.off(name, interrupt);
  }
}

/** Null if it was removed. */
function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** Signals that stop a run. SIGHUP: the terminal was closed. */
const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds for the cleanup after a defect. The lab's watchdog does what is left. */
const cleanupMs = 10_000;

/** Runs one command line with the given streams, environment and signal. */
export async function run(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    // The command may have missed the abort.
    if (context.signal.reason instanceof Defect) throw context.signal.reason;
    return exitCode.ok;
  } catch (error) {
    return explain(error, context);
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('mcp-prod')
    .description(
      'Scaffolds production-ready MCP servers and proves whether a server is ready for production.',
    )
    .version(version, '-V, --version')
    .addCommand(initCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(checksCommand(context))
    .showSuggestionAfterError();
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'mcp-prod: ')),
    });
  }
  return program;
}

function explain(
  error: unknown,
  { stderr: stream, signal, env }: Pick<CliContext, 'stderr' | 'signal' | 'env'>,
): ExitCode {
  // Errors may quote a server.
  const stderr = { write: (text: string) => stream.write(onGitHub(env) ? inert(text) : text) };
  const isDefect = signal.reason instanceof Defect;
  if (!isDefect && error instanceof CommanderError)
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (!isDefect && error instanceof CommandError) {
    stderr.write(`mcp-prod: ${printable(error.message, 2_000)}\n`);
    if (error.hint) stderr.write(`  ${printable(error.hint, 2_000)}\n`);
    return error.code;
  }
  if (!isDefect && signal.aborted) {
    stderr.write('mcp-prod: Interrupted.\n');
    return exitCode.interrupted;
  }
  // After a defect, `error` is only the consequence of the abort.
  const { message, stack } = describeThrown(isDefect ? signal.reason.thrown : error);
  stderr.write(`mcp-prod: This is a defect in mcp-prod: ${printable(message, 2_000)}\n`);
  stderr.write(
    env.MCP_PROD_DEBUG
      ? `${visible(stack)}\n`
      : '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  );
  return exitCode.couldNotAssess;
}
