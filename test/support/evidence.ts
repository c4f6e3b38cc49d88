import type { Declared, Healthcheck } from '../../src/evidence/declared.ts';
import type { ComposeService, Dockerfile, DockerStage } from '../../src/evidence/docker.ts';
import type { Answer, Exchange, Failure, SentRequest } from '../../src/evidence/exchange.ts';
import type { ProjectEvidence } from '../../src/evidence/project.ts';
import type { SourceFacts } from '../../src/evidence/source.ts';
import type {
  AccessProbe,
  ClientAttempt,
  ClientConnected,
  McpReply,
  WireEvidence,
} from '../../src/evidence/wire.ts';
import type { Workload } from '../../src/evidence/workload.ts';

/** Evidence literals for rows: each builder makes the plainest valid thing, and a test says what differs. */

export const origin = 'http://127.0.0.1:3000';

export function answer(status: number, body = '', headers: Record<string, string> = {}): Answer {
  return { kind: 'answer', status, headers, body, bodyBytes: body.length, bodyEnd: 'complete' };
}

export function failure(reason: Failure['reason'], message: string = reason): Failure {
  return { kind: 'failure', reason, message };
}

interface ExchangeOptions {
  method?: string;
  path?: string;
  credential?: SentRequest['credential'];
  durationMs?: number;
  purpose?: string;
  echoesCredential?: boolean;
  exposes?: string[];
}

/** A wire on which exchanges are recorded one by one. One official client has connected, unless `base` says otherwise. */
export function recordWire(base: Partial<WireEvidence> = {}) {
  const wire: WireEvidence = {
    url: `${origin}/mcp`,
    loopback: true,
    credentialGiven: true,
    exchanges: [],
    clients: [attempt()],
    endpoints: [],
    health: { named: false, paths: [], control: null, polled: [] },
    rebinding: [],
    malformed: [],
    metrics: [],
    burst: null,
    streams: null,
    toolCalls: [],
    cacheHints: [],
    tls: null,
    authorizationServers: [],
    omitted: [],
    ...base,
  };
  const exchange = (outcome: Exchange['outcome'], options: ExchangeOptions = {}): string => {
    const id = `x${wire.exchanges.length + 1}`;
    wire.exchanges.push({
      id,
      purpose: options.purpose ?? 'a probe',
      request: {
        method: options.method ?? 'POST',
        url: `${origin}${options.path ?? '/mcp'}`,
        headers: {},
        credential: options.credential ?? 'given',
      },
      outcome,
      durationMs: options.durationMs ?? 4,
      echoesCredential: options.echoesCredential ?? false,
      exposes: options.exposes ?? [],
    });
    return id;
  };
  return {
    wire,
    exchange,
    /** Adds one MCP endpoint with what each credential got from tools/list. */
    endpoint(access: Partial<Record<AccessProbe['credential'], Answer | Failure>>, path = '/mcp') {
      wire.endpoints.push({
        url: `${origin}${path}`,
        transport: 'streamable-http',
        access: Object.entries(access).map(([credential, outcome]) => ({
          operation: 'list-tools',
          credential: credential as AccessProbe['credential'],
          exchange: exchange(outcome, { path, credential: credential as AccessProbe['credential'] }),
          reply: replyOf(outcome),
        })),
      });
    },
    health(path: string, outcome: Answer | Failure, options: ExchangeOptions = {}) {
      wire.health.paths.push({
        path,
        exchange: exchange(outcome, { method: 'GET', path, credential: 'none', ...options }),
      });
    },
    connect(outcome: Partial<ClientConnected> = {}, differs: Partial<ClientAttempt> = {}) {
      wire.clients.push(attempt(outcome, differs));
    },
  };
}

function attempt(
  outcome: Partial<ClientConnected> = {},
  differs: Partial<ClientAttempt> = {},
): ClientAttempt {
  return {
    client: 'sdk-v2',
    transport: 'streamable-http',
    era: 'modern',
    url: `${origin}/mcp`,
    exchanges: [],
    outcome: {
      connected: true,
      server: { name: 'weather', version: '1.0.0' },
      revision: '2026-07-28',
      revisions: ['2026-07-28'],
      capabilities: ['tools'],
      tools: [],
      ...outcome,
    },
    ...(differs.era !== 'legacy' && differs.client !== 'sdk-v1' && { negotiates: true }),
    ...differs,
  };
}

function replyOf(outcome: Answer | Failure): McpReply {
  if (outcome.kind === 'failure') return { kind: 'none' };
  return outcome.status === 200 ? { kind: 'result' } : { kind: 'other' };
}

export const at = (file: string, line = 1) => ({ file, line });

export const known = <T>(value: T, file = 'Dockerfile', line = 1): Declared<T> => ({
  known: true,
  value,
  at: at(file, line),
});

export const notKnown = (text: string, why: string, file = 'Dockerfile'): Declared<string> => ({
  known: false,
  text,
  why,
  at: at(file),
});

export function stage(base: string, differs: Partial<DockerStage> = {}): DockerStage {
  return {
    at: at('Dockerfile'),
    base: known(base),
    variables: [],
    exposes: [],
    runs: [],
    copies: [],
    ...differs,
  };
}

export function dockerfile(stages: DockerStage[], differs: Partial<Dockerfile> = {}): Dockerfile {
  return { file: 'Dockerfile', stages, final: stages.length - 1, ...differs };
}

export function service(differs: Partial<ComposeService> = {}): ComposeService {
  return {
    name: 'weather',
    at: at('compose.yaml', 2),
    build: { context: '.', dockerfile: 'Dockerfile' },
    profiles: [],
    ports: [],
    environment: [],
    capDrop: [],
    privileged: false,
    noNewPrivileges: false,
    readOnly: false,
    ...differs,
  };
}

const workloadKinds: Record<Workload['platform'], [kind: string, file: string]> = {
  kubernetes: ['Deployment', 'k8s/weather.yaml'],
  systemd: ['service', 'weather.service'],
  fly: ['app', 'fly.toml'],
  render: ['web', 'render.yaml'],
  procfile: ['process', 'Procfile'],
  ecs: ['task definition', 'task-definition.json'],
  pm2: ['process', 'ecosystem.config.json'],
};

/** A workload of Kubernetes, unless a test says what else. */
export function workload(differs: Partial<Workload> = {}): Workload {
  const platform = differs.platform ?? 'kubernetes';
  const [kind, file] = workloadKinds[platform];
  return {
    platform,
    kind,
    name: 'weather',
    at: at(file),
    capDrop: [],
    healthchecks: [],
    environment: [],
    ports: [],
    ...differs,
  };
}

export function healthcheck(url: string, differs: Partial<Healthcheck> = {}): Healthcheck {
  return { kind: 'command', command: `curl -f ${url}`, urls: [url], at: at('Dockerfile', 20), ...differs };
}

export function project(
  differs: Partial<ProjectEvidence> & { services?: ComposeService[] } = {},
): ProjectEvidence {
  const { services, ...rest } = differs;
  return {
    directory: 'weather',
    dockerfiles: [],
    workloads: [],
    observability: { logCollectors: [], alertRules: [], alertReceivers: [] },
    source: source(),
    compose: services ? [{ files: ['compose.yaml'], services }] : [],
    ignores: { gitIgnoresEnv: null, dockerIgnores: [], belowRepository: false },
    envFiles: [],
    envFilesWithSecrets: [],
    lockfiles: [],
    literalSecrets: [],
    unread: [],
    ...rest,
  };
}

/** What the source says: nothing, unless the test says otherwise. */
export function source(differs: Partial<SourceFacts> = {}): SourceFacts {
  return {
    parsed: { typescript: 0, javascript: 0, python: 0 },
    unparsed: 0,
    packages: [],
    mcpImports: [],
    httpCalls: [],
    timeGuards: [],
    loggers: [],
    plainOutput: [],
    listeners: [],
    signalHandlers: [],
    caches: [],
    errorTrackers: [],
    metrics: [],
    rateLimiters: [],
    ...differs,
  };
}
