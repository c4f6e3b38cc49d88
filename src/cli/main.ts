import { Command, CommanderError } from 'commander';
import { printable } from '../report/text.ts';
import { version } from '../version.ts';
import { auditCommand } from './commands/audit.ts';
import { checksCommand } from './commands/checks.ts';
import { initCommand } from './commands/init.ts';
import type { CliContext } from './context.ts';
import { CommandError, type ExitCode, exitCode } from './exit.ts';
import { inert, onGitHub } from './github/workflow-commands.ts';

/**
 * Runs one command line.
 *
 * @param argv the words after the program's name
 * @returns the exit code. The process ends by itself, so that what was written is flushed; only a second interruption and
 *   a lost output end it at once.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const { stdin, stdout, stderr, env } = process;
  const interruption = new AbortController();
  const interrupt = () => {
    // A second signal means that somebody does not want to wait for the cleaning up.
    if (interruption.signal.aborted) {
      stderr.write('\nmcp-prod: Interrupted.\n');
      process.exit(exitCode.interrupted);
    }
    interruption.abort();
  };
  // What nobody waits for any more after an interrupt may reject: it must not keep the cleaning up from its end.
  const abandoned = (reason: unknown) => {
    if (!interruption.signal.aborted) throw reason;
  };
  for (const name of interruptions) process.on(name, interrupt);
  process.on('unhandledRejection', abandoned);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that went away (`| head`) is no failure. A full disk is: nobody has seen the report.
    if (error.code === 'EPIPE') return;
    if (!interruption.signal.aborted) stderr.write(`mcp-prod: The output was lost: ${error.message}.\n`);
    process.exit(interruption.signal.aborted ? exitCode.interrupted : exitCode.couldNotAssess);
  });
  // What is said there is for a person, and there is no other way to reach them.
  stderr.on('error', () => {});
  try {
    const cwd = workingDirectory();
    if (cwd === null) {
      stderr.write('mcp-prod: The working directory is gone.\n  Change to another directory.\n');
      return exitCode.usage;
    }
    return await run(argv, { stdin, stdout, stderr, env, cwd, signal: interruption.signal });
  } finally {
    for (const name of interruptions) process.off(name, interrupt);
    process.off('unhandledRejection', abandoned);
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

/** The same, in a given outside world. */
export async function run(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
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

function explain(error: unknown, { stderr: stream, signal, env }: CliContext): ExitCode {
  // What a server said is quoted here, too.
  const stderr = { write: (text: string) => stream.write(onGitHub(env) ? inert(text) : text) };
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  if (error instanceof CommandError) {
    stderr.write(`mcp-prod: ${printable(error.message, 2_000)}\n`);
    if (error.hint) stderr.write(`  ${printable(error.hint, 2_000)}\n`);
    return error.code;
  }
  if (signal.aborted) {
    stderr.write('mcp-prod: Interrupted.\n');
    return exitCode.interrupted;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  stderr.write(`mcp-prod: This is a defect of mcp-prod: ${printable(message, 2_000)}\n`);
  stderr.write(
    env.MCP_PROD_DEBUG
      ? `${stack}\n`
      : '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  );
  return exitCode.couldNotAssess;
}
