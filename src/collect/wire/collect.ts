import { setMaxListeners } from 'node:events';
import type { WireEvidence } from '../../evidence/wire.ts';
import { createMessages } from '../../protocol/messages.ts';
import { createMasker } from '../../text/masking.ts';
import { createConnection } from './http/connection.ts';
import { createGate } from './http/gate.ts';
import { createIdentity } from './http/identity.ts';
import { isLoopback } from './http/loopback.ts';
import { lookupBy, resolvedOnce } from './http/names.ts';
import { createOtherOrigins } from './http/other-origins.ts';
import { createRecorder } from './http/recorder.ts';
import type { WireOptions } from './options.ts';
import { runPass } from './pass.ts';
import { createProber } from './probes/probe.ts';
import { createWithin, type Run } from './run.ts';

/**
 * Probes a running server from outside in one bounded pass, and records every response and failure as evidence. When the promise
 * settles, every connection, stream and timer has ended.
 *
 * @throws only the reason of `signal`, when it was aborted
 */
export async function collectWire(options: WireOptions): Promise<WireEvidence> {
  options.signal.throwIfAborted();
  const identity = createIdentity(options);
  const concealed = [...identity.derived, ...(options.concealed ?? [])];
  const masker = createMasker([...identity.secrets, ...identity.decoys], options.secrets, concealed);
  const gate = createGate(options.budgetMs, options.elapse);
  // Dozens of open requests listen at once.
  setMaxListeners(0, options.signal, gate.budget);
  const resolve = resolvedOnce(options.resolve);
  const connect: Run['connect'] = (from) =>
    createConnection(options.url, options.timeoutMs, { lookup: lookupBy(resolve), ...from });
  const connection = connect();
  const otherOrigins = createOtherOrigins({ ...options, resolve });
  const recorder = createRecorder({
    target: options.url,
    identity,
    masker,
    gate,
    connection,
    otherOrigins,
    timeoutMs: options.timeoutMs,
    userAgent: `mcp-prod/${options.clientVersion}`,
    signal: options.signal,
  });
  const prober = createProber(recorder, gate, masker);
  const run: Run = {
    options,
    identity,
    masker,
    gate,
    recorder,
    connection,
    connect,
    prober,
    messages: createMessages(options.clientVersion),
    within: createWithin([gate.budget, options.signal]),
  };

  try {
    const evidence = await runPass(run);
    options.signal.throwIfAborted();
    recorder.close();
    return {
      url: masker.url(options.url),
      loopback: isLoopback(options.url, connection.address()),
      credentialGiven: identity.given,
      exchanges: recorder.exchanges,
      ...evidence,
      tls: connection.tls(),
      omitted: prober.omitted,
    };
  } finally {
    recorder.close();
    gate.close();
    await Promise.all([connection.close(), otherOrigins.close()]);
  }
}
