import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { run } from '../../src/cli/main.ts';

/** The command as a user runs it. `npm test` builds it first. */
export const bin = fileURLToPath(new URL('../../bin/mcp-prod.js', import.meta.url));

export interface CliResult {
  stdout: string;
  stderr: string;
  exitCode: number | undefined;
}

interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Ends the process group's leader with SIGINT when this settles. */
  interruptAfter?: Promise<unknown>;
}

/** Runs one command line without a terminal, to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const running = execa(process.execPath, [bin, ...args], {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { MCP_PROD_TOKEN: '', NO_COLOR: '', FORCE_COLOR: undefined, ...options.env },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
  });
  void options.interruptAfter?.then(() => running.kill('SIGINT'));
  const { stdout, stderr, exitCode } = await running;
  return { stdout, stderr, exitCode };
}

/** The same in this process, where neither signals nor a real terminal matter: a hundred times as fast. */
export async function runInProcess(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const stdin = Readable.from([]);
  const exitCode = await run(args, { stdin, stdout, stderr, env, cwd, signal: new AbortController().signal });
  stdout.end();
  stderr.end();
  const [written, said] = await outputs;
  return { stdout: written, stderr: said, exitCode };
}

/** Command, output and exit code as a person would see them, with what differs from run to run taken out. */
export function transcript(
  args: readonly string[],
  result: CliResult,
  hide: Record<string, string> = {},
): string {
  const text = [
    `$ mcp-prod ${args.map((word) => (/^[\w./:@=-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`,
    ...(result.stdout ? [result.stdout.trimEnd()] : []),
    ...(result.stderr
      ? result.stderr
          .trimEnd()
          .split('\n')
          .map((line) => `! ${line}`)
      : []),
    `exit ${result.exitCode}`,
    '',
  ].join('\n');
  return (
    Object.entries(hide)
      .reduce((changed, [what, name]) => changed.replaceAll(what, name), text)
      // OpenSSL's words change with Node's version.
      .replace(/(The TLS connection to .* failed:) [^:]+$/gm, '$1 REASON.')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/\b\d+ ms\b/g, 'N ms')
      .replace(/Took( +)\d+\.\d s/g, 'Took$1N s')
  );
}
