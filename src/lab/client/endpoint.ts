import type { BaselineHistory } from '../../evidence/lab/baseline.ts';
import { usualEndpoints } from '../../protocol/usual-paths.ts';
import type { KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import { fillIn } from '../world/placeholders.ts';
import type { LabRun } from '../world/world.ts';
import type { LabClient } from './client.ts';
import { type ClientOptions, connectClient } from './http-client.ts';

export interface EndpointSearch {
  client: LabClient | null;
  /** What came of those that did not connect. */
  attempts: BaselineHistory['attempts'];
}

/** Below the root of a launched server nothing else is mounted. */
const usualPaths = usualEndpoints
  .filter(({ transport }) => transport === 'streamable-http')
  .map(({ path }) => `/${path}`);

/** Milliseconds for each request of a server in good health. */
const timeoutMs = 10_000;

/**
 * Connects to the endpoint that the configuration names, or to the first usual one that speaks MCP. Over stdio, it is the
 * client that the server was started with.
 *
 * @throws the reason of an abort
 */
export async function findEndpoint(run: LabRun, instance: Instance): Promise<EndpointSearch> {
  const { conversation } = instance;
  if (conversation !== null) {
    const { client, refusal } = conversation;
    return { client, attempts: refusal === null ? [] : [{ url: null, outcome: refusal }] };
  }
  const { endpoint } = run.plan;
  const attempts: EndpointSearch['attempts'] = [];
  for (const path of endpoint === undefined ? usualPaths : [endpoint]) {
    try {
      return { client: await connect(run, instance, path), attempts };
    } catch (error) {
      run.plan.signal.throwIfAborted();
      const url = run.canaries.mask(urlOf(instance, path).href);
      attempts.push({ url, outcome: (error as Error).message });
    }
  }
  return { client: null, attempts };
}

/**
 * Connects to another instance of a server that is known. Over stdio there is one client for each instance, and everybody
 * gets that one; options do not matter there. Close it in any case.
 *
 * @throws Error saying, masked, why it did not come about, or the reason of an abort
 */
export async function connectTo(
  run: LabRun,
  instance: Instance,
  { endpoint }: Pick<KnownServer, 'endpoint'>,
  options: Partial<ClientOptions> = {},
): Promise<LabClient> {
  const { conversation } = instance;
  if (conversation !== null) {
    if (conversation.client !== null) return conversation.client;
    throw new Error(conversation.refusal ?? 'No client was served.');
  }
  if (endpoint === null) throw new Error('The endpoint is not known.');
  return connect(run, instance, endpoint, options);
}

/** What a token that the lab made is called where it shows up. */
export const accessToken = 'access token';

/**
 * What a client of this instance sends to prove who it is: an access token of the lab's authorization server, or the
 * credential; undefined: nothing.
 *
 * @param options `subject`: who asks, for another client than the usual one; undefined comes back when there can be no other
 */
export async function tokenFor(
  { plan, canaries, authorization }: LabRun,
  { publicPort }: Pick<Instance, 'publicPort'>,
  { subject }: { subject?: string } = {},
): Promise<string | undefined> {
  if (authorization !== null && plan.authorization !== undefined) {
    const audience = fillIn(plan.authorization.audience, { PORT: publicPort });
    const token = await authorization.tokenFor(audience, subject);
    canaries.add(accessToken, token);
    return token;
  }
  if (plan.credential === undefined || subject !== undefined) return undefined;
  return canaries.values[plan.credential];
}

async function connect(
  run: LabRun,
  instance: Instance,
  path: string,
  options: Partial<ClientOptions> = {},
): Promise<LabClient> {
  const { plan, canaries } = run;
  return connectClient({
    url: urlOf(instance, path),
    token: await tokenFor(run, instance),
    timeoutMs,
    clientVersion: plan.clientVersion,
    canaries,
    now: instance.now,
    signal: plan.signal,
    ...options,
  });
}

const urlOf = ({ server }: Instance, path: string): URL => new URL(path, server.origin ?? '');
