import type { FormatName } from '../../src/report/formats.ts';
import { runInProcess } from '../support/cli.ts';

/** No answer and no file contains it, so that a report can have it from nowhere but the command line. */
export const token = 'tok-fuzz-9Vq3xT7rLw2Z';

/**
 * Audits as a user does.
 *
 * @returns the exit code, as a word
 * @throws when the audit meets a defect of its own, repeats the token, or prints what its format does not allow
 */
export async function auditQuietly(args: readonly string[], format: FormatName): Promise<string> {
  const { stdout, stderr, exitCode } = await runInProcess(['audit', ...args, '--format', format], {
    env: { MCP_PROD_DEBUG: '1' },
  });
  if (/defect in mcp-prod/.test(stderr)) throw new Error(stderr);
  if (![0, 2, 3].includes(exitCode ?? -1)) throw new Error(`exit ${exitCode}: ${stderr}`);
  if ((stdout + stderr).includes(token)) throw new Error('The token is shown.');
  const end = `exit ${exitCode}`;
  if (exitCode === 2) return end;
  if (format === 'json' || format === 'sarif') JSON.parse(stdout);
  // Escapes of our own come with a terminal only.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.exec(stdout + stderr);
  if (control)
    throw new Error(`${JSON.stringify(control[0])} is printed: ${around(stdout + stderr, control.index)}`);
  return end;
}

const around = (text: string, index: number): string =>
  JSON.stringify(text.slice(Math.max(0, index - 100), index + 100));
