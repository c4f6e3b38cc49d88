import { Command, CommanderError } from 'commander';
import { printable } from '../report/text.ts';
import { version } from '../version.ts';
import { auditCommand } from './commands/audit.ts';
import { initCommand } from './commands/init.ts';
import type { CliContext } from './context.ts';
import { CommandError, type ExitCode, exitCode } from './exit.ts';

/**
 * Runs one command line.
 *
 * @param argv the words after the program's name
 * @returns the exit code; nothing else ends the process, so that what was written is flushed
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const interruption = new AbortController();
  const interrupt = () => {
    // A second signal means that somebody does not want to wait for the cleaning up.
    if (interruption.signal.aborted) process.exit(exitCode.interrupted);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // A reader that went away (`| head`) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const { stdin, stdout, stderr, env } = process;
  try {
    return await run(argv, { stdin, stdout, stderr, env, cwd: process.cwd(), signal: interruption.signal });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

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

function explain(error: unknown, { stderr, signal, env }: CliContext): ExitCode {
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
