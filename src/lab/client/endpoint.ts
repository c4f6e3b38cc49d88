import type { BaselineHistory } from '../../evidence/lab/baseline.ts';
import { usualEndpoints } from '../../protocol/usual-paths.ts';
import type { KnownServer } from '../known-server.ts';
import { accessToken } from '../world/canaries.ts';
import type { Instance } from '../world/instance.ts';
import { fillIn, portPlaceholders } from '../world/placeholders.ts';
import type { World } from '../world/world.ts';
import type { LabClient } from './client.ts';
import { type ClientOptions, connectClient } from './http-client.ts';

export interface EndpointSearch {
  client: LabClient | null;
  /** The failed attempts. */
  attempts: BaselineHistory['attempts'];
}

/** Below the root of a launched server nothing else is mounted. */
const usualPaths = usualEndpoints
  .filter(({ transport }) => transport === 'streamable-http')
  .map(({ path }) => `/${path}`);

/** Milliseconds for each request, while nothing is disturbed. */
const timeoutMs = 10_000;

/**
 * Connects to the configured endpoint, or to the first usual one that speaks MCP. Over stdio, it returns the client that the
 * server was started with.
 *
 * @throws the reason of an abort
 */
export async function findEndpoint(world: World, instance: Instance): Promise<EndpointSearch> {
  const { conversation } = instance;
  if (conversation !== null) {
    const { client, refusal } = conversation;
    return { client, attempts: refusal === null ? [] : [{ url: null, outcome: refusal }] };
  }
  const { endpoint } = world.plan;
  const attempts: EndpointSearch['attempts'] = [];
  for (const path of endpoint === undefined ? usualPaths : [endpoint]) {
    try {
      return { client: await connect(world, instance, path), attempts };
    } catch (error) {
      world.signal.throwIfAborted();
      const url = world.canaries.mask(urlOf(instance, path).href);
      attempts.push({ url, outcome: (error as Error).message });
    }
  }
  return { client: null, attempts };
}

/**
 * Connects to another instance of a known server. Over stdio, an instance has one client, which ignores the options. Close it
 * in any case.
 *
 * @throws Error with the reason, masked, or the reason of an abort
 */
export async function connectTo(
  world: World,
  instance: Instance,
  { endpoint }: Pick<KnownServer, 'endpoint'>,
  options: Partial<ClientOptions> = {},
): Promise<LabClient> {
  const { conversation } = instance;
  if (conversation !== null) {
    if (conversation.client !== null) return conversation.client;
    throw new Error(conversation.refusal ?? 'The server served no client.');
  }
  if (endpoint === null) throw new Error('The endpoint is unknown.');
  return connect(world, instance, endpoint, options);
}

/**
 * The bearer token of a client: an access token of the lab's authorization server, or the configured credential.
 *
 * @param options `subject` of a second client; undefined is returned if there can be none
 */
export async function tokenFor(
  { plan, canaries, authorization }: World,
  { publicPort }: Pick<Instance, 'publicPort'>,
  { subject }: { subject?: string } = {},
): Promise<string | undefined> {
  if (authorization !== null && plan.authorization !== undefined) {
    const audience = fillIn(plan.authorization.audience, portPlaceholders(publicPort));
    const token = await authorization.tokenFor(audience, subject);
    canaries.add(accessToken, token);
    return token;
  }
  if (plan.credential === undefined || subject !== undefined) return undefined;
  return canaries.values[plan.credential];
}

async function connect(
  world: World,
  instance: Instance,
  path: string,
  options: Partial<ClientOptions> = {},
): Promise<LabClient> {
  const { plan, canaries } = world;
  return connectClient({
    url: urlOf(instance, path),
    token: await tokenFor(world, instance),
    timeoutMs,
    clientVersion: plan.clientVersion,
    canaries,
    now: instance.now,
    signal: world.signal,
    ...options,
  });
}

const urlOf = ({ server }: Instance, path: string): URL => new URL(path, server.origin ?? '');
