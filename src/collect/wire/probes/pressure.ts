import type { BurstEvidence, ClientAttempt, StreamsEvidence } from '../../../evidence/wire.ts';
import { pressed, type Run } from '../run.ts';
import type { ArrayTrial } from './arrays.ts';
import { isLimit, passed, probeBurst, refusedBurst } from './burst.ts';
import { type OpenFor, openCheapRequest } from './cheap-request.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import { probeStreams } from './streams.ts';

/**
 * Puts load on the server, after all other probes: many streams, then many requests, then arrays. Streams come first, because
 * they stay below the usual limits. They are not opened when the server has answered 429 before.
 */
export async function probePressure(
  run: Run,
  accessed: EndpointAccess[],
  clients: ClientAttempt[],
  arrays: ArrayTrial | null,
): Promise<{ streams: StreamsEvidence | null; burst: BurstEvidence | null }> {
  const pressing = pressed(run);
  const openFor: OpenFor = (by, credential) => openCheapRequest(by, accessed, clients, credential);
  let opened = await openFor(pressing, 'given');
  if (opened !== undefined && 'refused' in opened && opened.refused && isLimit(opened.refused)) {
    if (await passed(run, opened.refused)) opened = await openFor(pressing, 'given');
  }
  if (opened === undefined) return { streams: null, burst: null };
  if ('refused' in opened) {
    return { streams: null, burst: opened.refused ? refusedBurst(run, opened.refused) : null };
  }
  const { cheap } = opened;
  const holds = run.options.scope !== 'burst' && run.gate.stopped() === undefined;
  const streams = holds ? await probeStreams(pressing, accessed, cheap) : null;
  const burst = await probeBurst(pressing, cheap, openFor);
  await cheap.close();
  await arrays?.exceed(burst);
  return { streams, burst };
}
