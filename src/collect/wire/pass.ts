import type { ClientAttempt, WireEvidence } from '../../evidence/wire.ts';
import { attemptConnection } from './mcp/official-clients.ts';
import { type ClientKind, currentClient, earlierClient } from './mcp/sdk-clients.ts';
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

const legacyClients: ClientKind[] = [
  earlierClient,
  { client: 'sdk-v2', transport: 'streamable-http', era: 'legacy' },
];
const sseClient: ClientKind = { ...earlierClient, transport: 'sse' };

type PassEvidence = Omit<
  WireEvidence,
  'url' | 'loopback' | 'credentialGiven' | 'exchanges' | 'omitted' | 'tls'
>;

/** Runs one part of the pass. Once the gate has closed, it notes the omission and gives the default. */
type Step = <T>(name: string, otherwise: T, work: () => Promise<T>) => Promise<T>;

/**
 * Probes a server once. Requests that it should accept come first and those that it should refuse come last, because a limiter
 * that counts refusals may lock out the given credential.
 *
 * @throws the reason of the user's interrupt
 */
export async function runPass(run: Run): Promise<PassEvidence> {
  const { options, prober } = run;
  const everything = options.scope !== 'burst';
  const evidence: PassEvidence = {
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
  evidence.clients.push(...contact.attempts);
  if (contact.unreachable !== undefined) {
    for (const name of ['endpoints', 'access', 'rebinding', 'health', 'malformed requests']) {
      prober.omit(name, run.gate.stopped() ?? `The server did not respond: ${contact.unreachable}`);
    }
    return evidence;
  }

  const connected = contact.attempts.some(({ outcome }) => outcome.connected);
  const named = await step('endpoints', [], () => findNamedEndpoints(run, connected));
  const connect = async (endpoints: Found[]) => {
    if (endpoints.length === 0) return;
    const attempts = await step('official clients', [], () =>
      connectClients(run, endpoints, evidence.clients),
    );
    evidence.clients.push(...attempts);
  };
  await connect(named);
  const usual = everything
    ? await step('endpoints at the usual paths', [], () => findUsualEndpoints(run, named))
    : [];
  const found = [...named, ...usual];
  await connect(found.length === 0 ? [{ url: options.url, transport: 'streamable-http' }] : usual);

  const accessed = await step('access with the given credential', [], () =>
    together(found.map((endpoint) => openAccess(run, endpoint))),
  );
  evidence.cacheHints = accessed.flatMap(({ cacheHints }) => cacheHints);
  if (everything) await probeAccessed(run, step, evidence, accessed);
  evidence.endpoints = await together(accessed.map((access) => access.close()));
  if (everything) {
    evidence.authorizationServers = await step('authorization servers', [], () =>
      findAuthorizationServers(run, evidence.endpoints),
    );
  }
  const arrays = await step('arrays', null, () => tryArrays(run, accessed, evidence.clients));
  evidence.arrays = arrays?.evidence ?? null;
  if (options.burst !== false) {
    // An earlier 429 does not prevent the burst, which provokes one itself.
    options.signal.throwIfAborted();
    options.onProgress?.('streams and burst');
    Object.assign(evidence, await probePressure(run, accessed, evidence.clients, arrays));
  }
  await arrays?.close();
  return evidence;
}

/** All probes of the endpoints but the burst: accepted requests first, refused ones last. */
async function probeAccessed(
  run: Run,
  step: Step,
  evidence: PassEvidence,
  accessed: EndpointAccess[],
): Promise<void> {
  const { tool } = run.options;
  const main = accessed.find(({ endpoint }) => endpoint.transport === 'streamable-http');
  // The check of one transport may be missing in the other.
  const firsts = [main, accessed.find(({ endpoint }) => endpoint.transport === 'sse')].filter(
    (access) => access !== undefined,
  );
  if (firsts.length > 0) {
    evidence.rebinding = await step('rebinding', [], async () => {
      const probes = firsts.map(({ endpoint, served, session }) =>
        probeRebinding(run, { ...endpoint, era: served ?? 'legacy', session }),
      );
      return (await together(probes)).flat();
    });
  }
  evidence.health = await step('health', evidence.health, () => probeHealth(run));
  evidence.metrics = await step('metrics', [], () => probeMetrics(run));
  if (tool !== undefined) {
    evidence.toolCalls = await step(`call of ${tool.name}`, [], () =>
      callTool(run, main, tool, evidence.clients),
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
    evidence.malformed = await step('malformed requests', [], () =>
      probeMalformed(run, main.endpoint.url, main.served, main.session),
    );
  }
  if (run.identity.given) {
    await step('access with a truncated or extended credential', [], () =>
      together(accessed.map((access) => access.tryDerived())),
    );
  }
}

/** Connects the official clients on the first Streamable HTTP endpoint, and over HTTP+SSE on its first endpoint. */
async function connectClients(run: Run, found: Found[], made: ClientAttempt[]): Promise<ClientAttempt[]> {
  const on = async (kinds: ClientKind[], before: ClientAttempt[]) => {
    const endpoint = found.find(({ transport }) => transport === kinds[0]?.transport);
    return endpoint === undefined ? [] : connectInTurn(run, kinds, endpoint.url, before);
  };
  const streamable = async () => {
    const current = await on([currentClient], made);
    const before = [...made, ...current];
    // The current client has fallen back to what older ones do.
    const older = before.some(({ era, outcome }) => era === 'legacy' && outcome.connected);
    return [...current, ...(older ? [] : await on(legacyClients, before))];
  };
  return (await together([streamable(), on([sseClient], made)])).flat();
}

/** Lets one client after the other connect, until one has connected, now or before. */
async function connectInTurn(
  run: Run,
  kinds: ClientKind[],
  url: URL,
  made: ClientAttempt[],
): Promise<ClientAttempt[]> {
  const attempts: ClientAttempt[] = [];
  for (const kind of kinds) {
    const { client, transport, negotiates } = kind;
    const before = made.filter(
      (attempt) =>
        attempt.client === client && attempt.transport === transport && attempt.negotiates === negotiates,
    );
    if (before.some(({ outcome }) => outcome.connected)) break;
    if (before.some((attempt) => attempt.url === run.masker.url(url))) continue;
    const attempt = await attemptConnection(run, kind, url);
    if (attempt !== undefined) attempts.push(attempt);
    if (attempt?.outcome.connected) break;
  }
  return attempts;
}
