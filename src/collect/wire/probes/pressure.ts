import type { BurstEvidence, ClientAttempt, StreamsEvidence } from '../../../evidence/wire.ts';
import { pressed, type Run } from '../run.ts';
import type { ArrayTrial } from './arrays.ts';
import { probeBurst, refusedBeforehand } from './burst.ts';
import { type OpenFor, openCheapRequest } from './cheap-request.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import { probeStreams } from './streams.ts';

/**
 * Presses the server, after everything else: many streams, then many requests, then arrays of them. Streams come first, because they stay below
 * the usual limits where the burst is there to meet one; they are left out when the server has asked for less before.
 */
export async function probePressure(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
  arrays: ArrayTrial | null,
): Promise<{ streams: StreamsEvidence | null; burst: BurstEvidence | null }> {
  const pressing = pressed(run);
  const openFor: OpenFor = (asking, credential) => openCheapRequest(asking, accessed, clients, credential);
  const opened = await openFor(pressing, 'given');
  if (opened === undefined) return { streams: null, burst: null };
  if ('refused' in opened) {
    const { refused } = opened;
    return { streams: null, burst: refused === undefined ? null : refusedBeforehand(run, refused) };
  }
  const { cheap } = opened;
  const holds = run.options.scope !== 'burst' && run.gate.stopped() === undefined;
  const streams = holds ? await probeStreams(pressing, accessed, cheap) : null;
  const burst = await probeBurst(pressing, cheap, openFor);
  await cheap.close();
  await arrays?.exceed(burst);
  return { streams, burst };
}
