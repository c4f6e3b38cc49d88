import type { HttpRecord } from '../../evidence/lab/client.ts';
import { createMessages, type Session } from '../../protocol/messages.ts';
import type { KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { tokenFor } from './endpoint.ts';
import { type Ask, ask } from './http.ts';

/** The headers that authenticate the client. */
export async function credentialHeaders(run: World, instance: Instance): Promise<Record<string, string>> {
  const token = await tokenFor(run, instance);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The first request of a new client: `server/discover`, or `initialize` in the legacy era. */
export async function firstRequest(
  run: World,
  instance: Instance,
  { endpoint, baseline: { connection } }: KnownServer,
  timeoutMs: number,
): Promise<Ask | null> {
  if (endpoint === null) return null;
  const messages = createMessages(run.plan.clientVersion);
  const { headers, body } =
    connection?.era === 'modern' ? messages.modern('server/discover') : messages.initialize();
  return {
    method: 'POST',
    path: endpoint,
    headers: { ...headers, ...(await credentialHeaders(run, instance)) },
    body,
    timeoutMs,
  };
}

/**
 * Opens a session as a legacy client does (2025-11-25, "Initialization").
 *
 * @returns undefined when `initialize` failed
 * @throws the reason of an abort
 */
export async function openSession(
  run: World,
  instance: Instance,
  path: string,
  timeoutMs: number,
): Promise<Session | undefined> {
  const messages = createMessages(run.plan.clientVersion);
  const credential = await credentialHeaders(run, instance);
  const send = (message: { headers: Record<string, string>; body: string }): Promise<HttpRecord> =>
    ask(run, instance, {
      method: 'POST',
      path,
      headers: { ...message.headers, ...credential },
      body: message.body,
      timeoutMs,
    });
  const { outcome } = await send(messages.initialize());
  if (outcome.kind !== 'answer' || outcome.status !== 200) return undefined;
  const revision = /"protocolVersion"\s*:\s*"([\d-]+)"/.exec(outcome.body)?.[1];
  if (revision === undefined) return undefined;
  const session = { id: outcome.headers['mcp-session-id'], revision };
  await send(messages.initialized(session));
  return session;
}
