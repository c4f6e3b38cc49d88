import { deepStrictEqual } from 'node:assert/strict';
import { load } from './load.ts';
import { callWeather, type Era, messageIn } from './requests.ts';
import type { RunningServer } from './server-process.ts';
import { weather } from './servers/weather.ts';

export interface Throughput {
  variant: string;
  era: Era;
  /** Per round. */
  requestsPerSecond: number[];
  /** CPU of the server per request, in µs, per round. */
  cpuMicros: number[];
  /** Calls that were refused in all rounds, because the server had too little CPU. */
  refused: number;
}

/**
 * Measures `tools/call` of all servers in turn, round after round, so that whatever else the machine does meets all of
 * them. The order is turned around in every other round.
 */
export async function measureThroughput(
  servers: RunningServer[],
  options: { rounds: number; ms: number; progress: (text: string) => void },
): Promise<Throughput[]> {
  const lanes = await Promise.all(
    servers.flatMap((server) =>
      server.variant.eras.map(async (era) => ({
        server,
        request: callWeather(era, server.variant.token),
        bodyLength: await checkedLength(server, era),
        result: {
          variant: server.variant.name,
          era,
          requestsPerSecond: [],
          cpuMicros: [],
          refused: 0,
        } as Throughput,
      })),
    ),
  );
  for (let round = 0; round <= options.rounds; round += 1) {
    // The first one warms up: compilers, caches, the upstream's answer.
    options.progress(round === 0 ? 'warming up' : `round ${round} of ${options.rounds}`);
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) {
      const { server, request, bodyLength, result } = lane;
      const before = server.cpuSeconds();
      const { requests, refused, seconds } = await load(server.origin, request, bodyLength, {
        ms: options.ms,
      });
      if (round === 0) continue;
      result.refused += refused;
      result.requestsPerSecond.push(requests / seconds);
      result.cpuMicros.push(((server.cpuSeconds() - before) / requests) * 1e6);
    }
  }
  return lanes.map(({ result }) => result);
}

/**
 * Calls once and compares the answer. Returns the length of its body in bytes.
 *
 * @throws Error when the answer is not the weather that all servers have to tell
 */
export async function checkedLength(server: RunningServer, era: Era): Promise<number> {
  const request = callWeather(era, server.variant.token);
  const answer = await fetch(`${server.origin}/mcp`, { method: 'POST', ...request });
  const body = await answer.text();
  const { result } = messageIn(body) as {
    result?: { content?: unknown; structuredContent?: unknown; isError?: unknown };
  };
  const text = JSON.stringify(result?.content);
  if (answer.status !== 200 || result?.isError === true || !text?.includes(weather.place)) {
    throw new Error(`${server.variant.name} answered ${answer.status} ${body}`);
  }
  deepStrictEqual(result?.structuredContent, weather, `${server.variant.name} answers something else`);
  return Buffer.byteLength(body);
}
