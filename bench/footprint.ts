import { load } from './load.ts';
import { callWeather } from './requests.ts';
import { type RunningServer, startServer } from './server-process.ts';
import { checkedLength } from './throughput.ts';
import type { Variant } from './variants.ts';

export interface Footprint {
  variant: string;
  /** From the spawn until the first `tools/list` was answered, in ms, per start. */
  startMs: number[];
  /** Resident memory after the load, in MB, per start that was loaded. */
  memoryMb: number[];
}

/**
 * Starts every server several times, in turn, and loads some of the starts with the same number of requests. Nobody
 * asks for a garbage collection: memory is what an orchestrator would see.
 */
export async function measureFootprint(
  variants: Variant[],
  options: { starts: number; loads: number; requests: number; progress: (text: string) => void },
): Promise<Footprint[]> {
  const results = variants.map(({ name }): Footprint => ({ variant: name, startMs: [], memoryMb: [] }));
  for (let start = 1; start <= options.starts; start += 1) {
    options.progress(`start ${start} of ${options.starts}`);
    for (const [index, variant] of variants.entries()) {
      const server = await startServer(variant);
      results[index]?.startMs.push(server.startedMs);
      try {
        if (start <= options.loads)
          results[index]?.memoryMb.push(await memoryAfter(server, options.requests));
      } finally {
        await server.stop();
      }
    }
  }
  return results;
}

/** All variants speak the 2025 era. */
async function memoryAfter(server: RunningServer, requests: number): Promise<number> {
  const bodyLength = await checkedLength(server, '2025');
  await load(server.origin, callWeather('2025', server.variant.token), bodyLength, { requests });
  return server.memoryMb();
}
