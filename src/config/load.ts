import { readFile, stat } from 'node:fs/promises';
import type * as z from 'zod';
import { type Config, configSchema } from './schema.ts';

/** The file's usual name, in the root of the project. */
export const configFileName = 'mcp-prod.config.json';

const maxBytes = 1_000_000;

/** A configuration that cannot be used. `message` names the file and every mistake in it, `hint` says what to do. */
export class ConfigError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Reads a configuration file.
 *
 * @returns null when there is no such file
 * @throws ConfigError when it cannot be read, is no JSON, or holds a key or a value that is not known
 */
export async function loadConfig(file: string): Promise<Config | null> {
  const text = await readText(file);
  if (text === null) return null;
  let json: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError(`${file} is not valid JSON: ${(error as Error).message}`, 'Correct the file.');
  }
  const parsed = configSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `${file}: ${parsed.error.issues.map(issueText).join('; ')}`,
    'See the keys in schema/config.schema.json.',
  );
}

/** Regular files of a sensible size only: what waits for a writer, as a named pipe does, could not even be interrupted. */
async function readText(file: string): Promise<string | null> {
  const refuse = (problem: string) =>
    new ConfigError(`${file} ${problem}.`, 'Check the file, or name another one with --config.');
  try {
    const found = await stat(file);
    if (!found.isFile()) throw refuse(found.isDirectory() ? 'is a directory' : 'is not a regular file');
    if (found.size > maxBytes) throw refuse(`is larger than ${maxBytes / 1_000_000} MB`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
}

function issueText(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key "${at ? `${at}.` : ''}${key}"`).join('; ');
  }
  return `${at || 'the document'}: ${issue.message}`;
}
