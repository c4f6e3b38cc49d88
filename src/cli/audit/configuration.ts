import { dirname, resolve } from 'node:path';
import { isLoopback } from '../../collect/wire/http/loopback.ts';
import type { WireOptions } from '../../collect/wire/options.ts';
import { isPlainPath } from '../../config/paths.ts';
import { type Config, configSchema } from '../../config/schema.ts';
import { isUsualEndpoint } from '../../protocol/usual-paths.ts';
import { usageError } from '../exit.ts';
import { readJsonFile } from '../files/json-file.ts';
import { type ProjectTarget, parseUrl } from '../target.ts';
import type { AuditOptions } from './options.ts';

/** The file's usual name, in the root of the project. */
export const configFileName = 'mcp-prod.config.json';

/**
 * A configuration, with what it may do.
 *
 * A directory under audit is data. A configuration instructs when the command line names it, or with `--lab`, which runs the
 * project's code anyway. One that was only found decides neither where a credential goes nor what is called: everything
 * here that asks `instructs` says what it may do instead.
 */
export interface Configuration {
  config: Config;
  /** Absolute. */
  file: string;
  instructs: boolean;
}

/**
 * The configuration that the command line names, else the one in the project, else the one in the working directory.
 *
 * @returns an empty one when there is none
 * @throws CommandError (usage)
 */
export async function readConfiguration(
  { config: named, lab = false }: Pick<AuditOptions, 'config' | 'lab'>,
  project: ProjectTarget | null,
  cwd: string,
): Promise<Configuration> {
  const directory = project?.root ?? cwd;
  const file = named === undefined ? resolve(directory, configFileName) : resolve(cwd, named);
  const config = await readJsonFile({
    file,
    ...(named === undefined && { within: directory }),
    schema: configSchema,
    option: '--config',
    hint: 'See the keys in schema/config.schema.json.',
  });
  if (config === null && named !== undefined)
    throw usageError(`There is no file "${named}".`, 'Check --config.');
  return { config: config ?? {}, file, instructs: named !== undefined || lab };
}

/**
 * The server to audit where the command line names none. One that was found stands on this machine: everything that the
 * user gives for it, and every request, would go wherever the audited directory says.
 *
 * @throws CommandError (usage)
 */
export function configuredUrl({ config, file, instructs }: Configuration): URL | undefined {
  if (config.url === undefined) return undefined;
  const url = parseUrl(config.url);
  if (instructs || (isThisMachine(url) && url.search === '' && isPlainPath(url.pathname))) return url;
  throw usageError(
    `${file} was found, not named, and its "url" is not a plain URL on this machine: ${url.origin}${url.pathname}`,
    'Give the URL on the command line, or name the configuration with --config <file>.',
  );
}

/** Other names below `localhost` may be looked up by servers of the network. */
const isThisMachine = (url: URL): boolean =>
  isLoopback(url, undefined) && !url.hostname.endsWith('.localhost');

/**
 * The one tool that the audit may call: the command line's, else the configuration's. Arguments of the configuration
 * belong to the tool that it names, and go with no other. What a found configuration gives, name or arguments, goes to the
 * server only where the server itself says that the tool only reads.
 *
 * @throws CommandError (usage) when there are arguments and no tool
 */
export function nameTool(
  { tool: name, toolArgs }: Pick<AuditOptions, 'tool' | 'toolArgs'>,
  { config: { tool: configured }, instructs }: Pick<Configuration, 'config' | 'instructs'>,
): WireOptions['tool'] {
  const called = name ?? configured?.name;
  if (called === undefined) {
    if (toolArgs === undefined) return undefined;
    throw usageError('--tool-args are arguments of no tool.', 'Name the tool with --tool <name>.');
  }
  const own = called === configured?.name && toolArgs === undefined ? configured.arguments : undefined;
  const isFound = !instructs && (name === undefined || own !== undefined);
  return { name: called, arguments: toolArgs ?? own ?? {}, ...(isFound && { readOnly: true }) };
}

/** The paths to request on a running server, and what the reader has to know of others. */
export interface ConfiguredPaths {
  endpoints: WireOptions['endpoints'];
  healthPath: string | undefined;
  notices: string[];
}

/**
 * The configuration's paths. Those of a found one are plain paths; its health path is requested without credentials as any
 * other, and its endpoints, which get them, only where the audit of this URL looks for endpoints anyway.
 *
 * @throws CommandError (usage) when a found one is more than a path
 */
export function configuredPaths(
  { config, file, instructs }: Configuration,
  { healthPath }: Pick<AuditOptions, 'healthPath'>,
  url: URL,
): ConfiguredPaths {
  const { endpoint, sse, health } = config;
  const mayAsk = (path: string | undefined): path is string =>
    path !== undefined && (instructs || isUsualEndpoint(url, path));
  for (const [key, path] of Object.entries({ endpoint, sse, ...(healthPath === undefined && { health }) })) {
    if (instructs || path === undefined || isPlainPath(path)) continue;
    throw usageError(
      `${file} was found, not named, and its "${key}" is not a plain path.`,
      'Name the configuration with --config <file> to have that path requested.',
    );
  }
  return {
    endpoints: { ...(mayAsk(endpoint) && { mcp: endpoint }), ...(mayAsk(sse) && { sse }) },
    healthPath: healthPath ?? health,
    notices: [endpoint, sse].flatMap((path) =>
      path === undefined || mayAsk(path)
        ? []
        : [
            `Not requested: ${path}. ${configFileName} was found, not named, and MCP endpoints are usually elsewhere. Name it with --config to have credentials sent there.`,
          ],
    ),
  };
}

/** The file of known failures that the configuration names, relative to its own; a found one names files beside or below it. */
export function configuredBaseline({ config: { gate }, file, instructs }: Configuration) {
  if (gate?.baseline === undefined) return null;
  const directory = dirname(file);
  return { file: resolve(directory, gate.baseline), ...(!instructs && { within: directory }) };
}
