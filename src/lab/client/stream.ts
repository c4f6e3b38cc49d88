import { Agent, request as send } from 'undici';
import type { StreamEnd, StreamRecord } from '../../evidence/lab/shutdown.ts';
import { describeFailure } from '../../protocol/failures.ts';
import { createMessages, sessionHeaders, streamHeaders } from '../../protocol/messages.ts';
import { singleLine } from '../../text/printable.ts';
import type { KnownServer } from '../known-server.ts';
import type { Instance } from '../world/instance.ts';
import type { LabRun } from '../world/world.ts';
import { credentialHeaders, openSession } from './newcomer.ts';

export interface HeldStream {
  /** What is known by now. */
  record: () => StreamRecord;
  leave: () => Promise<void>;
}

/** Milliseconds for one to open. */
const openMs = 5_000;

interface Opening {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * Opens an event stream in the first way that the server knows, and reads it until it ends: `subscriptions/listen`
 * (2026-07-28), GET on the endpoint of the legacy era, or the stream of HTTP+SSE (2024-11-05).
 *
 * @returns null when the server opens none
 * @throws the reason of an abort
 */
export async function holdStream(
  run: LabRun,
  instance: Instance,
  known: KnownServer,
): Promise<HeldStream | null> {
  if (instance.server.origin === null) return null;
  for (const opening of waysToOpen(run, instance, known)) {
    const way = await opening();
    const held = way === null ? null : await open(run, instance, way);
    if (held !== null) return held;
  }
  return null;
}

function waysToOpen(
  run: LabRun,
  instance: Instance,
  { endpoint, baseline }: KnownServer,
): (() => Promise<Opening | null>)[] {
  const { sse, clientVersion } = run.plan;
  const get = (path: string, headers: Record<string, string>): Opening => ({
    name: `GET ${path}`,
    method: 'GET',
    path,
    headers: { ...headers, ...streamHeaders },
  });
  const listen = async (path: string): Promise<Opening> => {
    const asked = { notifications: { toolsListChanged: true } };
    const { headers, body } = createMessages(clientVersion).modern('subscriptions/listen', undefined, asked);
    return { name: 'subscriptions/listen', method: 'POST', path, headers, body };
  };
  const legacy = async (path: string): Promise<Opening | null> => {
    const session = await openSession(run, instance, path, openMs);
    return session === undefined ? null : get(path, sessionHeaders(session));
  };
  return [
    ...(endpoint !== null && baseline.connection?.era === 'modern' ? [() => listen(endpoint)] : []),
    ...(endpoint !== null ? [() => legacy(endpoint)] : []),
    ...(sse !== undefined ? [async () => get(sse, {})] : []),
  ];
}

async function open(
  run: LabRun,
  instance: Instance,
  { name, method, path, headers, body }: Opening,
): Promise<HeldStream | null> {
  const { server, now } = instance;
  const { canaries, plan } = run;
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
      headers: { ...headers, ...(await credentialHeaders(run, instance)) },
      body: body ?? null,
      signal: AbortSignal.any([plan.signal, left.signal]),
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
    plan.signal.throwIfAborted();
    return null;
  }
}
