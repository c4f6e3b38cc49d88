import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { type Config, configSchema } from './schema.ts';

/** The file's usual name, in the root of the project. */
export const configFileName = 'mcp-prod.config.json';

/** A configuration that cannot be used. `message` names the file and every mistake in it. */
export class ConfigError extends Error {}

/**
 * Reads a configuration file.
 *
 * @returns null when there is no such file
 * @throws ConfigError when it cannot be read, is no JSON, or holds a key or a value that is not known
 */
export async function loadConfig(file: string): Promise<Config | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) throw new ConfigError(`${file}: ${parsed.error.issues.map(issueText).join('; ')}`);
  return parsed.data;
}

function issueText(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key "${at ? `${at}.` : ''}${key}"`).join('; ');
  }
  return `${at || 'the document'}: ${issue.message}`;
}
