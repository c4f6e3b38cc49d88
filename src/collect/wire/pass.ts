import type { ClientAttempt, WireEvidence } from '../../evidence/wire.ts';
import { attemptConnection } from './mcp/official-clients.ts';
import type { ClientKind } from './mcp/sdk-clients.ts';
import { tryArrays } from './probes/arrays.ts';
import { findAuthorizationServers } from './probes/authorization-servers.ts';
import { type EndpointAccess, openAccess } from './probes/endpoint-access.ts';
import { type Found, findNamedEndpoints, findUsualEndpoints } from './probes/endpoints.ts';
import { makeContact } from './probes/first-contact.ts';
import { probeHealth } from './probes/health.ts';
import { probeMalformed } from './probes/malformed.ts';
import { probeMetrics } from './probes/metrics.ts';
import { probePressure } from './probes/pressure.ts';
import { probeRebinding } from './probes/rebinding.ts';
import { callTool } from './probes/tool-calls.ts';
import { type Run, together } from './run.ts';

const modernClient: ClientKind = { client: 'sdk-v2', transport: 'streamable-http', era: 'modern' };
const legacyClients: ClientKind[] = [
  { client: 'sdk-v1', transport: 'streamable-http', era: 'legacy' },
  { client: 'sdk-v2', transport: 'streamable-http', era: 'legacy' },
];
const sseClient: ClientKind = { client: 'sdk-v1', transport: 'sse', era: 'legacy' };

export type Sighted = Omit<
  WireEvidence,
  'url' | 'loopback' | 'credentialGiven' | 'exchanges' | 'omitted' | 'tls'
>;

/** Does one part of the pass, unless the gate has closed: then it is noted, and there is something else instead. */
type Step = <T>(name: string, otherwise: T, work: () => Promise<T>) => Promise<T>;

/**
 * One pass over a server. What it should accept comes first and what it should refuse comes last, for a limiter that
 * counts refusals would otherwise lock the given credential out.
 */
export async function lookAround(run: Run): Promise<Sighted> {
  const { options, prober } = run;
  const sighted: Sighted = {
    clients: [],
    endpoints: [],
    health: { named: options.healthPath !== undefined, paths: [], control: null, polled: [] },
    rebinding: [],
    malformed: [],
    metrics: [],
    burst: null,
    arrays: null,
    streams: null,
    toolCalls: [],
    cacheHints: [],
    authorizationServers: [],
  };
  const step: Step = async (name, otherwise, work) => {
    options.signal.throwIfAborted();
    const stopped = run.gate.stopped();
    if (stopped !== undefined) {
      prober.omit(name, stopped);
      return otherwise;
    }
    options.onProgress?.(name);
    return work();
  };

  const contact = await step('first contact', { attempts: [], unreachable: undefined }, () =>
    makeContact(run),
  );
  sighted.clients.push(...contact.attempts);
  if (contact.unreachable !== undefined) {
    for (const name of ['endpoints', 'access', 'rebinding', 'health', 'malformed requests']) {
      prober.omit(name, run.gate.stopped() ?? `The server gave no answer: ${contact.unreachable}`);
    }
    return sighted;
  }

  const connected = contact.attempts.some(({ outcome }) => outcome.connected);
  const named = await step('endpoints', [], () => findNamedEndpoints(run, connected));
  const connect = async (endpoints: Found[]) => {
    if (endpoints.length === 0) return;
    const attempts = await step('official clients', [], () =>
      connectClients(run, endpoints, sighted.clients),
    );
    sighted.clients.push(...attempts);
  };
  await connect(named);
  const usual =
    options.scope === 'burst'
      ? []
      : await step('endpoints at the usual paths', [], () => findUsualEndpoints(run, named));
  const found = [...named, ...usual];
  await connect(found.length === 0 ? [{ url: options.url, transport: 'streamable-http' }] : usual);

  const accessed = await step('access with the given credential', [], () =>
    together(found.map((endpoint) => openAccess(run, endpoint))),
  );
  sighted.cacheHints = accessed.flatMap(({ cacheHints }) => cacheHints);
  if (options.scope !== 'burst') await lookCloser(run, step, sighted, accessed);
  sighted.endpoints = await together(accessed.map((access) => access.close()));
  if (options.scope !== 'burst') {
    sighted.authorizationServers = await step('authorization servers', [], () =>
      findAuthorizationServers(run, sighted.endpoints),
    );
  }
  const arrays = await step('arrays', null, () => tryArrays(run, accessed, sighted.clients));
  sighted.arrays = arrays?.evidence ?? null;
  if (options.burst !== false) {
    // It asks for a refusal, so one that came before does not keep it from being sent.
    options.signal.throwIfAborted();
    options.onProgress?.('streams and burst');
    Object.assign(sighted, await probePressure(run, accessed, sighted.clients, arrays));
  }
  await arrays?.close();
  return sighted;
}

/** Everything that is no burst: what it accepts first, what it should refuse last. */
async function lookCloser(run: Run, step: Step, sighted: Sighted, accessed: EndpointAccess[]): Promise<void> {
  const { options } = run;
  const main = accessed.find(({ endpoint }) => endpoint.transport === 'streamable-http');
  // A check that stands in front of one transport may be missing in front of the other.
  const firsts = [main, accessed.find(({ endpoint }) => endpoint.transport === 'sse')].filter(
    (access) => access !== undefined,
  );
  if (firsts.length > 0) {
    const rebinding = await step('rebinding', [], () =>
      together(
        firsts.map(({ endpoint, served, session }) =>
          probeRebinding(run, { ...endpoint, era: served ?? 'legacy', session }),
        ),
      ),
    );
    sighted.rebinding = rebinding.flat();
  }
  sighted.health = await step('health', sighted.health, () => probeHealth(run));
  sighted.metrics = await step('metrics', [], () => probeMetrics(run));
  const { tool } = options;
  if (tool !== undefined) {
    sighted.toolCalls = await step(`call of ${tool.name}`, [], () =>
      callTool(run, main, tool, sighted.clients),
    );
  }
  if (run.identity.given) {
    await step('access without credentials', [], () =>
      together(accessed.map((access) => access.tryOther('none'))),
    );
  }
  await step('access with a wrong credential', [], () =>
    together(accessed.map((access) => access.tryOther('wrong'))),
  );
  if (main !== undefined) {
    sighted.malformed = await step('malformed requests', [], () =>
      probeMalformed(run, main.endpoint.url, main.served, main.session),
    );
  }
}

/**
 * The attempts that are still to be made: for each era the official clients of it on the first Streamable HTTP endpoint,
 * one after the other until one connects, and the client that speaks HTTP+SSE on the first of those endpoints.
 */
async function connectClients(run: Run, found: Found[], made: ClientAttempt[]): Promise<ClientAttempt[]> {
  const streamable = found.find(({ transport }) => transport === 'streamable-http')?.url;
  const sse = found.find(({ transport }) => transport === 'sse')?.url;
  const attempts = await together([
    connectInTurn(run, [modernClient], streamable, made),
    connectInTurn(run, legacyClients, streamable, made),
    connectInTurn(run, [sseClient], sse, made),
  ]);
  return attempts.flat();
}

/** Lets one client after the other connect, until one of them does or did before. */
async function connectInTurn(
  run: Run,
  kinds: ClientKind[],
  url: URL | undefined,
  made: ClientAttempt[],
): Promise<ClientAttempt[]> {
  const attempts: ClientAttempt[] = [];
  if (url === undefined) return attempts;
  const isOf = (attempt: ClientAttempt, kind: ClientKind) =>
    attempt.client === kind.client && attempt.transport === kind.transport && attempt.era === kind.era;
  for (const kind of kinds) {
    const before = made.filter((attempt) => isOf(attempt, kind));
    if (before.some(({ outcome }) => outcome.connected)) break;
    if (before.some((attempt) => attempt.url === run.masker.url(url))) continue;
    const attempt = await attemptConnection(run, kind, url);
    if (attempt !== undefined) attempts.push(attempt);
    if (attempt?.outcome.connected) break;
  }
  return attempts;
}
