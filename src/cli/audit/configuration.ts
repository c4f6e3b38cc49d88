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

/** In the root of the project. */
export const configFileName = 'mcp-prod.config.json';

/**
 * A configuration and whether to trust it.
 *
 * A stranger may have written the directory under audit. A configuration is trusted if the command line names it, or with
 * `--lab`, which runs the project's code anyway. One that was merely found decides neither where credentials go nor which
 * tool is called. Each function that reads `trusted` says what the configuration may do instead.
 */
export interface Configuration {
  config: Config;
  /** Absolute. */
  file: string;
  trusted: boolean;
}

/**
 * The configuration that the command line names, else the one in the project, else the one in the working directory.
 *
 * @returns an empty configuration if there is no file
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
    hint: 'schema/config.schema.json describes the keys.',
  });
  if (config === null && named !== undefined)
    throw usageError(`The file "${named}" does not exist.`, 'Check --config.');
  return { config: config ?? {}, file, trusted: named !== undefined || lab };
}

/**
 * The server to audit if the command line names none. A found configuration may only name a server on this machine:
 * otherwise the audited directory would decide where credentials and requests go.
 *
 * @throws CommandError (usage)
 */
export function configuredUrl({ config, file, trusted }: Configuration): URL | undefined {
  if (config.url === undefined) return undefined;
  const url = parseUrl(config.url);
  if (trusted || (isThisMachine(url) && url.search === '' && isPlainPath(url.pathname))) return url;
  throw usageError(
    `${file} was not named with --config, and its "url" is not a plain URL on this machine: ${url.origin}${url.pathname}`,
    'Give the URL on the command line, or name the configuration with --config <file>.',
  );
}

/** A resolver may ask the network for names below `localhost`. */
const isThisMachine = (url: URL): boolean =>
  isLoopback(url, undefined) && !url.hostname.endsWith('.localhost');

/**
 * The only tool that the audit may call: from the command line, else from the configuration. The configured arguments
 * belong to the configured tool only. If a found configuration gives the name or the arguments, the audit calls the tool
 * only if the server marks it as read-only.
 *
 * @throws CommandError (usage) if arguments are given without a tool
 */
export function nameTool(
  { tool: name, toolArgs }: Pick<AuditOptions, 'tool' | 'toolArgs'>,
  { config: { tool: configured }, trusted }: Pick<Configuration, 'config' | 'trusted'>,
): WireOptions['tool'] {
  const toolName = name ?? configured?.name;
  if (toolName === undefined) {
    if (toolArgs === undefined) return undefined;
    throw usageError('--tool-args is given without a tool.', 'Name the tool with --tool <name>.');
  }
  const configuredArgs =
    toolName === configured?.name && toolArgs === undefined ? configured.arguments : undefined;
  const isUntrusted = !trusted && (name === undefined || configuredArgs !== undefined);
  return {
    name: toolName,
    arguments: toolArgs ?? configuredArgs ?? {},
    ...(isUntrusted && { readOnly: true }),
  };
}

/** The paths to request on a running server, and notices about paths that are not requested. */
export interface ConfiguredPaths {
  endpoints: WireOptions['endpoints'];
  healthPath: string | undefined;
  notices: string[];
}

/**
 * The configuration's paths. In a found configuration they must be plain. Its health path is requested without credentials.
 * Its endpoints get credentials, so they are requested only where MCP servers usually have them.
 *
 * @throws CommandError (usage) if a path of a found configuration is not plain
 */
export function configuredPaths(
  { config, file, trusted }: Configuration,
  { healthPath }: Pick<AuditOptions, 'healthPath'>,
  url: URL,
): ConfiguredPaths {
  const { endpoint, sse, health } = config;
  const mayRequest = (path: string | undefined): path is string =>
    path !== undefined && (trusted || isUsualEndpoint(url, path));
  for (const [key, path] of Object.entries({ endpoint, sse, ...(healthPath === undefined && { health }) })) {
    if (trusted || path === undefined || isPlainPath(path)) continue;
    throw usageError(
      `${file} was not named with --config, and its "${key}" is not a plain path.`,
      'Use a plain path, or name the configuration with --config <file>.',
    );
  }
  return {
    endpoints: { ...(mayRequest(endpoint) && { mcp: endpoint }), ...(mayRequest(sse) && { sse }) },
    healthPath: healthPath ?? health,
    notices: [endpoint, sse].flatMap((path) =>
      path === undefined || mayRequest(path)
        ? []
        : [
            `Did not request ${path}: ${configFileName} was not named with --config, and this is not a usual MCP path. To request it with credentials, name the configuration with --config.`,
          ],
    ),
  };
}

/** The baseline that the configuration names, relative to the configuration. A found one may not point outside its directory. */
export function configuredBaseline({ config: { gate }, file, trusted }: Configuration) {
  if (gate?.baseline === undefined) return null;
  const directory = dirname(file);
  return { file: resolve(directory, gate.baseline), ...(!trusted && { within: directory }) };
}
