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
 * @param argv the words after the program's name
 * @returns the exit code. The process ends by itself, so that what was written is flushed; only a second interruption, a
 *   lost output, and a defect whose cleaning up does not end, end it at once.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const { stdin, stdout, stderr, env } = process;
  const ending = new AbortController();
  const context = { stdin, stdout, stderr, env, signal: ending.signal };
  let over = false;
  let deadline: NodeJS.Timeout | undefined;
  const interrupt = () => {
    // A second signal means that somebody does not want to wait for the cleaning up.
    if (ending.signal.aborted) {
      stderr.write('\nmcp-prod: Interrupted.\n');
      process.exit(exitCode.interrupted);
    }
    ending.abort();
  };
  // What nobody waits for any more once the run is being ended may fail; it only must not keep the run from its end.
  const onDefect = (thrown: unknown) => {
    const isFirst = !ending.signal.aborted;
    if (isFirst) ending.abort(new Defect(thrown));
    if (isFirst && over) process.exitCode = explain(ending.signal.reason, context);
    if (over) return;
    deadline ??= setTimeout(() => process.exit(explain(ending.signal.reason, context)), cleaningUpMs);
  };
  for (const name of interruptions) process.on(name, interrupt);
  // They stay when the run is over, since a late error is no gate that was not met.
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
  // Node would end with 13 where nothing is under way that a promise of the run could still be settled by.
  process.once('beforeExit', () => {
    if (!over) onDefect(new Error('The run waits for what cannot come any more.'));
  });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that went away (`| head`) is no failure. A full disk is: nobody has seen the report.
    if (error.code === 'EPIPE') return;
    if (!ending.signal.aborted) stderr.write(`mcp-prod: The output was lost: ${error.message}.\n`);
    const isInterrupted = ending.signal.aborted && !(ending.signal.reason instanceof Defect);
    process.exit(isInterrupted ? exitCode.interrupted : exitCode.couldNotAssess);
  });
  // What is said there is for a person, and there is no other way to reach them.
  stderr.on('error', () => {});
  try {
    const cwd = workingDirectory();
    if (cwd === null) {
      stderr.write('mcp-prod: The working directory is gone.\n  Change to another directory.\n');
      return exitCode.usage;
    }
    return await run(argv, { ...context, cwd });
  } finally {
    over = true;
    clearTimeout(deadline);
    for (const name of interruptions) process.off(name, interrupt);
  }
}

/** Null when somebody has removed it. */
function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** What ends a run early. SIGHUP: the terminal was closed. */
const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds for what a defect leaves to be cleaned up. The lab's watchdog does what is not over by then. */
const cleaningUpMs = 10_000;

/** The same, in a given outside world. */
export async function run(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    // The command may not have noticed.
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
  // What a server said is quoted here, too.
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
  // What came of the end that the defect made is not what happened.
  const { message, stack } = describeThrown(isDefect ? signal.reason.thrown : error);
  stderr.write(`mcp-prod: This is a defect of mcp-prod: ${printable(message, 2_000)}\n`);
  stderr.write(
    env.MCP_PROD_DEBUG
      ? `${visible(stack)}\n`
      : '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  );
  return exitCode.couldNotAssess;
}
