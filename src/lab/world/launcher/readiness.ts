import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessFacts } from '../../../evidence/lab/launch.ts';
import type { Inspector, ListeningSocket } from './inspection/inspector.ts';
import type { ProcessTree } from './inspection/process-tree.ts';
import { accepts } from './ports.ts';

/** Milliseconds between two tries to connect, as a platform's TCP probe makes them. */
const tryEveryMs = 40;
/** Milliseconds between two looks at all that listens, which take long on a busy machine. */
const lookEveryMs = 400;
/** The same where somebody accepts connections at the port, and it was not the server. */
const againMs = 100;
/** Milliseconds that a server may listen elsewhere before it is said to ignore the port: metrics or a debugger may come first. */
const elsewhereMs = 1_500;

/**
 * Waits until a process of the tree listens: at the port that was asked for, or for a while at another one. What a server
 * prints is not asked: some print "listening" and are over. Whoever accepts a connection may be somebody else, so that the
 * system is asked whose socket it is.
 *
 * @returns null when the wait was ended
 */
export async function findListener(
  inspector: Inspector,
  tree: ProcessTree,
  port: number,
  waiting: AbortSignal,
): Promise<ListeningSocket | null> {
  let elsewhereSince: number | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  while (!waiting.aborted) {
    await delay(tryEveryMs, undefined, { signal: waiting }).catch(() => {});
    const patience = (await accepts('127.0.0.1', port)) ? againMs : lookEveryMs;
    if (performance.now() - lookedAt < patience) continue;
    lookedAt = performance.now();
    const sockets = await inspector.listening(await inspector.members(tree));
    const asked = sockets.find((socket) => socket.port === port);
    if (asked !== undefined) return asked;
    const [other] = sockets;
    if (other === undefined) elsewhereSince = undefined;
    else {
      elsewhereSince ??= performance.now();
      if (performance.now() - elsewhereSince > elsewhereMs) return other;
    }
  }
  return null;
}

/** @returns null when it is no process of the tree any more */
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
