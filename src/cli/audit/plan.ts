import { resolve } from 'node:path';
import { type Profile, profiles } from '../../checklist/checklist.ts';
import type { Level } from '../../checklist/row.ts';
import type { WireOptions } from '../../collect/wire/options.ts';
import { ConfigError, configFileName, loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { FormatName } from '../../report/formats.ts';
import type { Gate } from '../../score/gate.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../exit.ts';
import type { Header } from '../options.ts';
import { type ProjectTarget, parseProject, parseTarget, parseUrl } from '../target.ts';
import { nameTool } from './tool.ts';

/** What commander hands over. */
export interface AuditOptions {
  project?: string;
  config?: string;
  token?: string;
  header?: Header[];
  healthPath?: string;
  tool?: string;
  toolArgs?: Record<string, unknown>;
  burst: boolean;
  profile: Profile;
  minScore?: number;
  require?: string[];
  failOn?: Level;
  format: FormatName;
  timeout: number;
  budget: number;
}

/** What is to be audited, and what is asked of it. At least one of `url` and `project` is there. */
export interface Plan {
  url: URL | null;
  project: ProjectTarget | null;
  config: Config;
  tool: WireOptions['tool'];
  gate: Gate;
}

/**
 * Everything that can be wrong with the question is found here, before anything is sent.
 *
 * @throws CommandError (usage)
 */
export async function makePlan(
  argument: string | undefined,
  options: AuditOptions,
  { cwd }: CliContext,
): Promise<Plan> {
  const target = argument === undefined ? null : await parseTarget(argument, cwd);
  if (target?.kind === 'project' && options.project !== undefined) {
    throw usageError(
      'Both the target and --project name a directory.',
      'Give the directory once, or a URL as the target.',
    );
  }
  const project =
    target?.kind === 'project'
      ? target.project
      : options.project === undefined
        ? null
        : await parseProject(options.project, cwd);
  const config = await readConfig(options, project, cwd);
  const url =
    target?.kind === 'url' ? target.url : target || config.url === undefined ? null : parseUrl(config.url);
  if (!url && !project) {
    throw usageError(
      'There is nothing to audit.',
      'Give the URL of a running server or the directory of a project: mcp-prod audit http://127.0.0.1:3000/mcp',
    );
  }
  if (options.token !== undefined) requireToken(options.token);
  if (options.token !== undefined && options.header?.some(({ name }) => /^authorization$/i.test(name))) {
    throw usageError(
      'Both the token and a --header give the Authorization.',
      'Leave out one of them (MCP_PROD_TOKEN counts).',
    );
  }
  return { url, project, config, tool: nameTool(options, config), gate: makeGate(options, config) };
}

/** An empty one is an unset variable of a script: an audit without credentials would not be what was asked for. */
function requireToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw usageError(
    token === ''
      ? 'The token is empty.'
      : 'The token holds spaces or other characters that no bearer token has.',
    token === ''
      ? 'Check --token, or leave it out.'
      : 'Give the token alone, without "Bearer"; check --token and MCP_PROD_TOKEN.',
  );
}

async function readConfig(
  { config: named }: AuditOptions,
  project: ProjectTarget | null,
  cwd: string,
): Promise<Config> {
  const file = named === undefined ? resolve(project?.root ?? cwd, configFileName) : resolve(cwd, named);
  try {
    const config = await loadConfig(file);
    if (config === null && named !== undefined)
      throw usageError(`There is no file "${named}".`, 'Check --config.');
    return config ?? {};
  } catch (error) {
    throw error instanceof ConfigError ? usageError(error.message, error.hint) : error;
  }
}

/** The command line goes before the configuration, key by key. */
function makeGate(options: AuditOptions, { gate }: Config): Gate {
  const required = options.require ?? gate?.require ?? [];
  const known: string[] = profiles.extended.map(({ id }) => id);
  const judged: string[] = profiles[options.profile].map(({ id }) => id);
  for (const id of required) {
    if (!known.includes(id))
      throw usageError(
        `${configFileName}: gate.require names an unknown row "${id}".`,
        `Known: ${known.join(', ')}.`,
      );
    if (!judged.includes(id)) {
      throw usageError(
        `The row "${id}" is not in the profile "${options.profile}".`,
        'Add --profile extended.',
      );
    }
  }
  return {
    minScore: options.minScore ?? gate?.minScore,
    require: required,
    failOn: options.failOn ?? gate?.failOn,
  };
}
