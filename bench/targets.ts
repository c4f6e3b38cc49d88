import type { AuditCost } from './audit.ts';
import type { Footprint } from './footprint.ts';
import type { Era } from './requests.ts';
import { median, pairedRatio } from './statistics.ts';
import type { StreamCost } from './streams.ts';
import type { Throughput } from './throughput.ts';
import { bareName, fastmcpName, generatedName } from './variants.ts';

export interface Measured {
  throughputs: Throughput[];
  footprints: Footprint[];
  streams: StreamCost[];
  audits: AuditCost;
}

export interface Target {
  what: string;
  measured: number;
  /** After the figure. */
  unit: string;
  bound: number;
  met: boolean;
}

/**
 * What the generated server promises, as ratios, which hold on fast and slow machines alike; and what an audit may take, in
 * seconds on a machine that does nothing else.
 */
export function judge({ throughputs, footprints, streams, audits }: Measured): Target[] {
  const rates = (variant: string, era: Era) =>
    throughputs.find((lane) => lane.variant === variant && lane.era === era)?.requestsPerSecond ?? [];
  const footprint = (variant: string) => footprints.find((one) => one.variant === variant);
  const starts = (variant: string) => footprint(variant)?.startMs ?? [];
  const memory = (variant: string) => median(footprint(variant)?.memoryMb ?? []);
  return [
    atLeast(
      1.8,
      `calls per second, 2026-07-28, against ${bareName}`,
      pairedRatio(rates(generatedName, '2026'), rates(bareName, '2026')),
    ),
    atLeast(
      1.15,
      `calls per second, 2025 era, against ${bareName}`,
      pairedRatio(rates(generatedName, '2025'), rates(bareName, '2025')),
    ),
    atLeast(
      1.5,
      `calls per second, 2025 era, against ${fastmcpName}`,
      pairedRatio(rates(generatedName, '2025'), rates(fastmcpName, '2025')),
    ),
    atMost(1.6, `start-up time against ${bareName}`, pairedRatio(starts(generatedName), starts(bareName))),
    atMost(1, `memory after load against ${bareName}`, memory(generatedName) / memory(bareName)),
    ...streams.flatMap(({ kind, count, kilobytesEach, exitSeconds, exitCode, ended }) => [
      atMost(35, `KB for each of ${count} open streams (${kind})`, kilobytesEach, ''),
      atMost(2, `seconds from SIGTERM to the exit under them (${kind})`, exitSeconds, ''),
      atLeast(
        count,
        `of them ended properly, exit code ${exitCode} (${kind})`,
        exitCode === 0 ? ended : 0,
        '',
      ),
    ]),
    atMost(
      1.5,
      'seconds for a wire audit of the generated server, burst included',
      median(audits.healthy.seconds),
      '',
    ),
    atMost(200, 'requests that it sends', audits.healthy.requests, ''),
    atMost(12, 'seconds for an audit of a server that never answers', audits.silentSeconds, ''),
  ];
}

// A figure that was not measured is NaN, and meets nothing.
function atLeast(bound: number, what: string, measured: number, unit = ' x'): Target {
  return { what: `${what}: at least ${bound}${unit}`, measured, unit, bound, met: measured >= bound };
}

function atMost(bound: number, what: string, measured: number, unit = ' x'): Target {
  return { what: `${what}: at most ${bound}${unit}`, measured, unit, bound, met: measured <= bound };
}
