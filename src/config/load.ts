import { readJsonFile } from './json-file.ts';
import { type Config, configSchema } from './schema.ts';

/** The file's usual name, in the root of the project. */
export const configFileName = 'mcp-prod.config.json';

/**
 * Reads a configuration file.
 *
 * @returns null when there is no such file
 * @throws FileError when it cannot be read, is no JSON, or holds a key or a value that is not known
 */
export async function loadConfig(file: string): Promise<Config | null> {
  return await readJsonFile({
    file,
    schema: configSchema,
    maxBytes: 1_000_000,
    option: '--config',
    hint: 'See the keys in schema/config.schema.json.',
  });
}
