import { createMessages, type Session } from '../../protocol/messages.ts';
import type { KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { tokenFor } from './endpoint.ts';
import { type Ask, ask } from './http.ts';

/** The headers that authenticate the client. */
export async function credentialHeaders(world: World, instance: Instance): Promise<Record<string, string>> {
  const token = await tokenFor(world, instance);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The first request of a new client: `server/discover`, or `initialize` in the legacy era. */
export async function firstRequest(
  world: World,
  instance: Instance,
  { endpoint, baseline: { connection } }: KnownServer,
  timeoutMs: number,
): Promise<Ask | null> {
  if (endpoint === null) return null;
  const messages = createMessages(world.plan.clientVersion);
  const message = connection?.era === 'modern' ? messages.modern('server/discover') : messages.initialize();
  return post(world, instance, endpoint, message, timeoutMs);
}

/**
 * Opens a session as a legacy client does (2025-11-25, "Initialization").
 *
 * @returns undefined when `initialize` failed
 * @throws the reason of an abort
 */
export async function openSession(
  world: World,
  instance: Instance,
  path: string,
  timeoutMs: number,
): Promise<Session | undefined> {
  const messages = createMessages(world.plan.clientVersion);
  const send = async (message: Message) =>
    ask(world, instance, await post(world, instance, path, message, timeoutMs));
  const { outcome } = await send(messages.initialize());
  if (outcome.kind !== 'answer' || outcome.status !== 200) return undefined;
  const revision = /"protocolVersion"\s*:\s*"([\d-]+)"/.exec(outcome.body)?.[1];
  if (revision === undefined) return undefined;
  const session = { id: outcome.headers['mcp-session-id'], revision };
  await send(messages.initialized(session));
  return session;
}

type Message = Required<Pick<Ask, 'headers' | 'body'>>;

async function post(
  world: World,
  instance: Instance,
  path: string,
  { headers, body }: Message,
  timeoutMs: number,
): Promise<Ask> {
  const credential = await credentialHeaders(world, instance);
  return { method: 'POST', path, headers: { ...headers, ...credential }, body, timeoutMs };
}
