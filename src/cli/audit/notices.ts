import type { Comparison } from '../../score/baseline.ts';
import type { Assessment } from '../../score/score.ts';
import { count } from '../../text/counts.ts';

/** Limits of this judgement that a reader must know. */
export function notices({ leftOut, rows, profile }: Assessment, { failures }: Comparison): string[] {
  const known = failures.filter((failure) => failure.known);
  return [
    ...(leftOut.length > 0
      ? [
          `--only and --skip selected ${rows.length} of ${count(rows.length + leftOut.length, 'row')} of the profile "${profile}". Score and coverage count these alone.`,
        ]
      : []),
    ...(known.length > 0
      ? [
          `The baseline lists ${count(known.length, 'failure')}, which the gate ignores: ${known.map(({ row, criterion }) => `${row} (${criterion.id})`).join(', ')}.`,
        ]
      : []),
  ];
}
