import { Agent, request as send } from 'undici';
import type { StreamEnd, StreamRecord } from '../../evidence/lab/shutdown.ts';
import { describeFailure } from '../../protocol/failures.ts';
import { createMessages, sessionHeaders, streamHeaders } from '../../protocol/messages.ts';
import { singleLine } from '../../text/printable.ts';
import type { KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import type { World } from '../world/world.ts';
import { credentialHeaders, openSession } from './session.ts';

export interface HeldStream {
  /** What is known so far. */
  record: () => StreamRecord;
  leave: () => Promise<void>;
}

/** Milliseconds for a stream to open. */
const openMs = 5_000;

interface Opening {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * Opens an event stream in the first way that the server supports, and reads it until it ends: `subscriptions/listen`
 * (2026-07-28), GET on the endpoint (legacy era), or HTTP+SSE (2024-11-05).
 *
 * @returns null when the server opens none
 * @throws the reason of an abort
 */
export async function holdStream(
  world: World,
  instance: Instance,
  known: KnownServer,
): Promise<HeldStream | null> {
  if (instance.server.origin === null) return null;
  for await (const opening of waysToOpen(world, instance, known)) {
    const held = await open(world, instance, opening);
    if (held !== null) return held;
  }
  return null;
}

async function* waysToOpen(
  world: World,
  instance: Instance,
  { endpoint, baseline }: KnownServer,
): AsyncGenerator<Opening> {
  const { sse, clientVersion } = world.plan;
  const get = (path: string, headers: Record<string, string> = {}): Opening => ({
    name: `GET ${path}`,
    method: 'GET',
    path,
    headers: { ...headers, ...streamHeaders },
  });
  if (endpoint !== null && baseline.connection?.era === 'modern') {
    const name = 'subscriptions/listen';
    const params = { notifications: { toolsListChanged: true } };
    const message = createMessages(clientVersion).modern(name, undefined, params);
    yield { name, method: 'POST', path: endpoint, ...message };
  }
  if (endpoint !== null) {
    const session = await openSession(world, instance, endpoint, openMs);
    if (session !== undefined) yield get(endpoint, sessionHeaders(session));
  }
  if (sse !== undefined) yield get(sse);
}

async function open(
  world: World,
  instance: Instance,
  { name, method, path, headers, body }: Opening,
): Promise<HeldStream | null> {
  const { server, now } = instance;
  const { canaries, signal } = world;
  const agent = new Agent({ headersTimeout: openMs, bodyTimeout: 0 });
  const left = new AbortController();
  const leave = async () => {
    left.abort();
    await agent.destroy();
  };
  try {
    const answer = await send(new URL(path, server.origin ?? ''), {
      dispatcher: agent,
      method,
      headers: { ...headers, ...(await credentialHeaders(world, instance)) },
      body: body ?? null,
      signal: AbortSignal.any([signal, left.signal]),
    });
    const type = String(answer.headers['content-type'] ?? '');
    if (answer.statusCode !== 200 || !/^text\/event-stream\b/i.test(type)) {
      answer.body.on('error', () => {});
      await leave();
      return null;
    }
    const openedMs = Math.round(now());
    let end: StreamEnd = { kind: 'open' };
    answer.body.on('data', () => {});
    answer.body.once('end', () => {
      end = { kind: 'ended', atMs: Math.round(now()) };
    });
    answer.body.on('error', (error) => {
      if (left.signal.aborted || end.kind !== 'open') return;
      const message = singleLine(canaries.mask(describeFailure(error).message));
      end = { kind: 'broken', atMs: Math.round(now()), message };
    });
    return { record: () => ({ request: canaries.mask(name), openedMs, end }), leave };
  } catch {
    await leave();
    signal.throwIfAborted();
    return null;
  }
}
