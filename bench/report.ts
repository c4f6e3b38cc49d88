import type { Footprint } from './footprint.ts';
import { type Era, eras } from './requests.ts';
import { median, pairedRatio } from './statistics.ts';
import { ratio, table, whole } from './table.ts';
import type { Measured, Target } from './targets.ts';
import type { Throughput } from './throughput.ts';
import { bareName } from './variants.ts';

export interface Figures extends Measured {
  targets: Target[];
}

const eraTitles: Record<Era, string> = { '2025': '2025 era', '2026': '2026-07-28' };

/** All figures as Markdown. */
export function report({ throughputs, footprints, targets }: Figures): string {
  return [
    ...eras.map((era) => throughputTable(throughputs, era)),
    footprintTable(footprints),
    table(
      ['target', 'measured', ''],
      targets.map(({ what, measured, unit, met }) => [
        what,
        `${Number(measured.toFixed(2))}${unit}`,
        met ? 'met' : 'MISSED',
      ]),
    ),
  ].join('\n\n');
}

function throughputTable(throughputs: Throughput[], era: Era): string {
  const lanes = throughputs.filter((lane) => lane.era === era);
  const base = lanes.find(({ variant }) => variant === bareName);
  return table(
    [`tools/call, ${eraTitles[era]}`, 'calls/s', 'to bare', 'CPU/call', 'to bare', 'refused'],
    lanes.map(({ variant, requestsPerSecond, cpuMicros, refused }) => [
      variant,
      whole(median(requestsPerSecond)),
      ratio(pairedRatio(requestsPerSecond, base?.requestsPerSecond ?? [])),
      `${whole(median(cpuMicros))} µs`,
      ratio(pairedRatio(cpuMicros, base?.cpuMicros ?? [])),
      whole(refused),
    ]),
  );
}

function footprintTable(footprints: Footprint[]): string {
  const base = footprints.find(({ variant }) => variant === bareName);
  return table(
    ['footprint', 'start', 'to bare', 'memory after load', 'to bare'],
    footprints.map(({ variant, startMs, memoryMb }) => [
      variant,
      `${whole(median(startMs))} ms`,
      ratio(pairedRatio(startMs, base?.startMs ?? [])),
      `${whole(median(memoryMb))} MB`,
      ratio(median(memoryMb) / median(base?.memoryMb ?? [])),
    ]),
  );
}
