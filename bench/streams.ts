import { openStreams, type StreamKind } from '../test/support/open-streams.ts';
import { startServer } from './server-process.ts';
import type { Variant } from './variants.ts';

export interface StreamCost {
  kind: StreamKind;
  count: number;
  /** Resident memory per stream, once garbage has had some time to be collected. */
  kilobytesEach: number;
  /** From SIGTERM until the process was gone. */
  exitSeconds: number;
  exitCode: number | null;
  /** How many of the streams were ended properly. */
  ended: number;
}

const warmUp = 200;
const settleMs = 10_000;
const sampleMs = 500;

/** Opens many streams, weighs them, and ends the server under them. */
export async function measureStreams(variant: Variant, kind: StreamKind, count: number): Promise<StreamCost> {
  const server = await startServer(variant);
  const target = { origin: server.origin, token: variant.token ?? '', kind };
  const first = await openStreams(target, warmUp);
  const before = server.memoryMb();
  const others = await openStreams(target, count - warmUp);
  let memoryMb = server.memoryMb();
  for (let waited = 0; waited < settleMs; waited += sampleMs) {
    await new Promise((resolve) => setTimeout(resolve, sampleMs));
    memoryMb = Math.min(memoryMb, server.memoryMb());
  }
  const started = performance.now();
  const exitCode = await server.stop();
  const exitSeconds = (performance.now() - started) / 1000;
  const ended = (await first.ended) + (await others.ended);
  const kilobytesEach = ((memoryMb - before) * 1024) / (count - warmUp);
  return { kind, count, kilobytesEach, exitSeconds, exitCode, ended };
}
