import { dirname, resolve } from 'node:path';
import type { LabPlan } from '../../lab/plan.ts';
import { version } from '../../version.ts';
import { usageError } from '../exit.ts';
import type { Subject } from '../target.ts';
import type { Configuration } from './configuration.ts';
import type { AuditOptions } from './options.ts';
import { startCommand, stdioCommand } from './start-command.ts';

/** Milliseconds until a launched server has to listen. */
const startTimeoutMs = 20_000;
/** Milliseconds to wait for what may never happen. The configuration may change it. */
const patienceMs = 20_000;

/**
 * The plan for `--lab`. Files in the configuration are relative to it.
 *
 * @param tool from the command line or the configuration
 * @returns null without `--lab`
 * @throws CommandError (usage) when there is nothing to launch
 */
export async function planLab(
  options: AuditOptions,
  { config, file }: Configuration,
  { project, url }: Subject,
  tool: LabPlan['tool'],
): Promise<LabPlan | null> {
  const { lab, start, stdio = false } = options;
  if (!lab) {
    if (stdio)
      throw usageError('--stdio needs --lab.', 'Add --lab, which starts the server as a client does.');
    if (start === undefined) return null;
    throw usageError('--start needs --lab.', 'Add --lab, which runs that command.');
  }
  if (options.evidence !== undefined) {
    throw usageError(
      'Both --evidence and --lab are given.',
      'Saved evidence is judged without a launch. Leave out one of them.',
    );
  }
  if (stdio && url !== null) {
    throw usageError(
      'Both a URL and --stdio are given.',
      'A server with a URL speaks HTTP. Leave out one of them. To audit both transports, run two audits.',
    );
  }
  if (project === null) {
    throw usageError(
      '--lab launches a project, but no project is given.',
      'Give its directory: mcp-prod audit . --lab, or --project <dir> with a URL.',
    );
  }
  const { build, env = {}, secrets, required, credential, authorization, endpoint, sse } = config;
  return {
    transport: stdio ? 'stdio' : 'http',
    directory: project.root,
    build,
    command: start ?? (await (stdio ? stdioCommand : startCommand)(config, project)),
    portEnv: config.portEnv ?? 'PORT',
    env,
    secrets,
    required,
    credential,
    authorization,
    services: config.services ?? [],
    endpoint,
    sse,
    health: options.healthPath ?? config.health,
    tool,
    alertEnv: config.alert?.env,
    limitsEnv: config.limits?.env,
    burst: options.burst,
    upstream: absolute(config.upstream || {}, dirname(file)),
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
