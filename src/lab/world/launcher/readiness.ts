import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessFacts } from '../../../evidence/lab/launch.ts';
import type { Inspector, ListeningSocket, ProcessTree } from './inspection/inspector.ts';
import { accepts } from './ports.ts';

/** Milliseconds between two connection attempts. */
const connectEveryMs = 40;
/** Milliseconds between two looks at all listeners, which are slow on a busy machine. */
const lookEveryMs = 400;
/** The same while the port accepts connections. */
const lookSoonMs = 100;
/** Milliseconds on another port before the server counts as ignoring its own: metrics or a debugger may listen first. */
const otherPortMs = 1_500;

/**
 * Waits until a process of the tree listens: on the requested port, or for a while on another one. The system says who
 * listens, because another process may accept the connection, and output may be wrong.
 *
 * @returns null when the wait was aborted
 */
export async function findListener(
  inspector: Inspector,
  tree: ProcessTree,
  port: number,
  waiting: AbortSignal,
): Promise<ListeningSocket | null> {
  let otherSince: number | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  while (!waiting.aborted) {
    await delay(connectEveryMs, undefined, { signal: waiting }).catch(() => {});
    const intervalMs = (await accepts('127.0.0.1', port)) ? lookSoonMs : lookEveryMs;
    if (performance.now() - lookedAt < intervalMs) continue;
    lookedAt = performance.now();
    const sockets = await inspector.listening(await inspector.members(tree));
    const requested = sockets.find((socket) => socket.port === port);
    if (requested !== undefined) return requested;
    const [other] = sockets;
    if (other === undefined) otherSince = undefined;
    else {
      otherSince ??= performance.now();
      if (performance.now() - otherSince > otherPortMs) return other;
    }
  }
  return null;
}

/** @returns null when the process has left the tree */
export async function processFacts(
  inspector: Inspector,
  tree: ProcessTree,
  pid: number,
): Promise<ProcessFacts | null> {
  const session = await inspector.members(tree);
  if (!session.includes(pid)) return null;
  const [sockets, details] = await Promise.all([inspector.listening([pid]), inspector.details(pid)]);
  const listens = sockets.map(
    ({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`,
  );
  return { pid, ...details, listens: [...new Set(listens)], session };
}
