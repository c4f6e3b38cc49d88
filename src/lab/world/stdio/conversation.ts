import { modernRevision } from '../../../protocol/revisions.ts';
import {
  ConnectionRefused,
  type ConnectOptions,
  connectOver,
  type LabClient,
  type Link,
} from '../../client/client.ts';
import type { Pipes } from './pipes.ts';

/** The revisions that a client speaks: those with `initialize`, or 2026-07-28. */
export type Era = 'legacy' | 'modern';

/**
 * Connects the one client of a server over stdio. By default it tries `initialize` first: a server without it answers with an
 * error, but some servers exit at any other first message.
 *
 * @throws ConnectionRefused with the reason, masked; the reason of an abort
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
