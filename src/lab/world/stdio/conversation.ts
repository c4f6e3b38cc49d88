import { modernRevision } from '../../../protocol/revisions.ts';
import {
  ConnectionRefused,
  type ConnectOptions,
  connectOver,
  type LabClient,
  type Link,
} from '../../client/client.ts';
import type { Pipes } from './pipes.ts';

/** Revisions that a client speaks: those that begin with `initialize`, or 2026-07-28. */
export type Era = 'legacy' | 'modern';

/**
 * Connects the one client that a server over stdio has. `initialize` goes first where nothing else is asked for: a server
 * that does not know it says so, while there are servers that end at anything that comes before it.
 *
 * @throws ConnectionRefused saying, masked, why it did not come about; the reason of an abort
 */
export async function converse(pipes: Pipes, options: ConnectOptions, era?: Era): Promise<LabClient> {
  try {
    return await connectOver(link(pipes, era ?? 'legacy', options), options);
  } catch (error) {
    if (era !== undefined || !(error instanceof ConnectionRefused && error.answered)) throw error;
    return await connectOver(link(pipes, 'modern', options), options);
  }
}

function link(pipes: Pipes, era: Era, { timeoutMs }: ConnectOptions): Link {
  const nothing = async () => {};
  return {
    url: null,
    transport: pipes.transport(),
    negotiation: {
      mode: era === 'legacy' ? 'legacy' : { pin: modernRevision },
      probe: { timeoutMs, maxRetries: 0 },
    },
    withHeaders: (_headers, work) => work(),
    leave: nothing,
    close: nothing,
  };
}
