import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { LabPlan } from '../../lab/plan.ts';
import { version } from '../../version.ts';
import { usageError } from '../exit.ts';
import type { ProjectTarget } from '../target.ts';
import type { AuditOptions } from './options.ts';
import { startCommand, stdioCommand } from './start-command.ts';

/** Milliseconds until a launched server has to listen. */
const startTimeoutMs = 20_000;
/** Milliseconds for what may never come, when the configuration says nothing. */
const patienceMs = 20_000;

export interface LabSubject {
  config: Config;
  configFile: string;
  project: ProjectTarget | null;
  /** A server that runs already. */
  url: URL | null;
  /** The tool that is named on the command line or in the configuration. */
  tool: LabPlan['tool'] | undefined;
}

/**
 * What `--lab` asks for; null: it was not given. Files that the configuration names are relative to its own.
 *
 * @throws CommandError (usage) when there is nothing to launch
 */
export async function planLab(options: AuditOptions, subject: LabSubject): Promise<LabPlan | null> {
  const { lab, start, stdio = false } = options;
  if (!lab) {
    if (stdio)
      throw usageError('--stdio is for the lab.', 'Add --lab, which starts the server as a client does.');
    if (start === undefined) return null;
    throw usageError('--start is for the lab.', 'Add --lab, which runs that command.');
  }
  if (options.evidence !== undefined) {
    throw usageError(
      'Both --evidence and --lab are given.',
      'Saved evidence is judged as it is; leave one out.',
    );
  }
  const { config, configFile, project, tool, url } = subject;
  if (stdio && url !== null) {
    throw usageError(
      'Both a URL and --stdio are given.',
      'A server that has a URL speaks HTTP; leave one out, and audit twice what speaks both.',
    );
  }
  if (project === null) {
    throw usageError(
      '--lab launches a project, and none is named.',
      'Give its directory: mcp-prod audit . --lab, or --project <dir> beside a URL.',
    );
  }
  const {
    build,
    portEnv = 'PORT',
    env = {},
    secrets,
    required,
    credential,
    authorization,
    services = [],
    endpoint,
    sse,
    upstream = {},
    alert,
    limits,
  } = config;
  const health = options.healthPath ?? config.health;
  return {
    transport: stdio ? 'stdio' : 'http',
    directory: project.root,
    ...(build !== undefined && { build }),
    command: start ?? (await (stdio ? stdioCommand : startCommand)(config, project)),
    portEnv,
    env,
    ...(secrets !== undefined && { secrets }),
    ...(required !== undefined && { required }),
    ...(credential !== undefined && { credential }),
    ...(authorization !== undefined && { authorization }),
    services,
    ...(endpoint !== undefined && { endpoint }),
    ...(sse !== undefined && { sse }),
    ...(health !== undefined && { health }),
    ...(tool !== undefined && { tool }),
    ...(alert !== undefined && { alertEnv: alert.env }),
    ...(limits !== undefined && { limitsEnv: limits.env }),
    burst: options.burst,
    upstream: absolute(upstream, dirname(configFile)),
    startTimeoutMs,
    patienceMs: config.patienceMs ?? patienceMs,
    clientVersion: version,
  };
}

function absolute(upstream: LabPlan['upstream'], directory: string): LabPlan['upstream'] {
  return Object.fromEntries(
    Object.entries(upstream).map(([host, routes]) => [
      host,
      Object.fromEntries(Object.entries(routes).map(([route, file]) => [route, resolve(directory, file)])),
    ]),
  );
}
