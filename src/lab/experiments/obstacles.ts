import type { BaselineHistory } from '../../evidence/lab/baseline.ts';
import type { NotRun } from '../../evidence/lab/experiment.ts';
import type { LaunchFacts } from '../../evidence/lab/launch.ts';
import { variablesMissedBy } from '../../text/crash/message.ts';
import { printedText } from '../world/launcher/exit-text.ts';

/** What an experiment needs. Each need includes the ones before it. */
export const needs = ['listener', 'endpoint', 'call', 'upstream'] as const;
export type Need = (typeof needs)[number];

/** Why an experiment with this need cannot run; null: it can. */
export function obstacleTo(need: Need, history: BaselineHistory): NotRun | null {
  for (const one of needs.slice(0, needs.indexOf(need) + 1)) {
    const obstacle = obstacles[one](history);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

const obstacles: Record<Need, (history: BaselineHistory) => NotRun | null> = {
  listener: (history) => (overStdio(history) ? speakerObstacle(history) : listenerObstacle(history)),
  endpoint: endpointObstacle,
  call: callObstacle,
  upstream: upstreamObstacle,
};

/** Why the launched server cannot be reached. */
export function listenerObstacle({ launch }: Pick<BaselineHistory, 'launch'>): NotRun | null {
  const { outcome, portEnv } = launch;
  if (outcome.kind === 'exited') {
    return no(
      `The start command ended ${endingText(launch, 'anything listened')}`,
      startHelp(launch, 'start'),
    );
  }
  if (outcome.kind === 'silent') {
    return no(
      `Nothing listened within ${outcome.afterMs} ms.`,
      'Name the variable that takes the port in "portEnv", or another command in "start".',
    );
  }
  if (outcome.kind === 'listening' && outcome.portIgnored) {
    return no(
      `The server listens on port ${outcome.port}, whatever ${portEnv} says. A second instance cannot run beside it.`,
      'Name the variable that takes the port in "portEnv", or write ${PORT} in "start" or "env".',
    );
  }
  return null;
}

/** Over stdio the server does not listen. It serves the client that started it, or none. */
function speakerObstacle({ launch, attempts }: BaselineHistory): NotRun | null {
  const { kind } = launch.outcome;
  if (kind === 'exited') {
    return no(
      `The start command ended ${endingText(launch, 'a client was served')}`,
      startHelp(launch, 'stdio'),
    );
  }
  if (kind === 'speaking') return null;
  const why = attempts.map(({ outcome }) => outcome).join('; ');
  const other = launch.output.lines.find(({ stream }) => stream === 'stdout')?.text;
  const said = other === undefined ? '' : ` Its stdout begins with: ${other.slice(0, 300)}`;
  return no(
    `The server served no client over stdio: ${why}.${said}`,
    'Give the command of a server that speaks stdio, in "stdio" or with --start. Or leave out --stdio.',
  );
}

const overStdio = ({ launch }: BaselineHistory): boolean => launch.port === null;

/** "with code 1 before anything listened. It printed: …" */
function endingText({ exit, output }: LaunchFacts, before: string): string {
  const notFound = exit?.code === 127 ? ' (a program was not found)' : '';
  const how = exit?.signal ? `with signal ${exit.signal}` : `with code ${exit?.code ?? 'unknown'}${notFound}`;
  return `${how} before ${before}.${printedText(output)}`;
}

function startHelp({ output }: LaunchFacts, key: 'start' | 'stdio'): string {
  const names = variablesMissedBy(output.lines);
  return names.length === 0
    ? `Name what it needs in "env" and "secrets", or another command in "${key}".`
    : `Set ${names.join(', ')}: add ${names.length === 1 ? 'it' : 'them'} to "secrets" (the lab makes up a value) or to "env" in mcp-prod.config.json.`;
}

function endpointObstacle({ connection, attempts }: BaselineHistory): NotRun | null {
  if (connection !== null) return null;
  const tried = attempts.map(({ url, outcome: why }) => `${url && new URL(url).pathname}: ${why}`).join('; ');
  if (attempts.some(({ outcome: why }) => why === 'HTTP 429')) {
    return no(
      `The server limits requests before the first client is connected (${tried}).`,
      'Raise its limit in "env". The lab tests the limit by itself: name the variables that make it low in "limits".',
    );
  }
  return no(
    `The lab found no MCP endpoint (${tried}).`,
    'Name its path in "endpoint". Name the variable with the client’s token in "credential", or the issuer in "authorization".',
  );
}

function callObstacle({ tool, calls }: BaselineHistory): NotRun | null {
  if (tool?.chosen !== true) {
    return no(tool?.reason ?? 'The lab chose no tool.', 'Name a tool and its arguments in "tool".');
  }
  if (!calls.some(({ outcome: { kind } }) => kind === 'result')) {
    const [first] = calls;
    const why = first === undefined || first.outcome.kind === 'result' ? '' : ` (${first.outcome.message})`;
    return no(`The call of "${tool.name}" had no result${why}.`, 'Give arguments that work in "tool".');
  }
  return null;
}

/** Why the lab cannot disturb the server's upstream requests. */
function upstreamObstacle(history: BaselineHistory): NotRun | null {
  const { launch, gateway, interposition } = history;
  if (gateway.requests.length > 0) return null;
  const failed = gateway.failedConnections[0];
  if (failed !== undefined) {
    return no(
      `A connection to ${failed.host ?? 'an upstream'} failed at the lab’s gateway: ${failed.reason}`,
      'The server must trust NODE_EXTRA_CA_CERTS or SSL_CERT_FILE, speak HTTP/1.1, and send the user information of HTTP_PROXY.',
    );
  }
  const direct = [...new Set(interposition.direct.map(({ host, port }) => `${host}:${port}`))];
  if (direct.length > 0) {
    return no(
      `The calls sent no request through the lab’s gateway. Connections to ${direct.slice(0, 5).join(', ')} bypassed it.`,
      'Name those that are upstreams in "upstream", as "host:port".',
    );
  }
  const servers = serversOf(launch);
  if (!interposition.hellos.some(({ pid }) => servers.includes(pid))) {
    return no(
      `The lab could not instrument the process that ${overStdio(history) ? 'serves' : 'listens'}. Its upstream requests are unknown.`,
      'Leave NODE_OPTIONS and PYTHONPATH to the lab, or make the server use HTTPS_PROXY.',
    );
  }
  return no(
    'The calls sent no upstream request.',
    'Name a tool in "tool" that calls an upstream, with arguments that no cache holds. If the server calls none, set "upstream": false.',
  );
}

/** The process that listens. Over stdio, any process may be the one that serves. */
function serversOf({ outcome }: LaunchFacts): number[] {
  if (outcome.kind === 'listening') return [outcome.listener.pid];
  return outcome.kind === 'speaking' ? outcome.processes : [];
}

function no(reason: string, help: string): NotRun {
  return { ran: false, reason, help };
}
