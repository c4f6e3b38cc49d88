import type { Comparison } from '../../score/baseline.ts';
import type { Assessment } from '../../score/score.ts';
import { count } from '../../text/counts.ts';

/** What a reader has to know about how it was judged, to not take the report for more than it is. */
export function notices({ leftOut, rows, profile }: Assessment, { failures }: Comparison): string[] {
  const known = failures.filter((failure) => failure.known);
  return [
    ...(leftOut.length > 0
      ? [
          `Judged ${count(rows.length, 'row')} of the ${rows.length + leftOut.length} of the profile "${profile}", as --only and --skip ask; score and coverage are over these.`,
        ]
      : []),
    ...(known.length > 0
      ? [
          `${count(known.length, 'failure')} known to the baseline, not held against the gate: ${known.map(({ row, criterion }) => `${row} (${criterion.id})`).join(', ')}.`,
        ]
      : []),
  ];
}
