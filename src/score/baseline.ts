import * as z from 'zod';
import { profiles } from '../checklist/checklist.ts';
import type { CriterionResult } from './criterion.ts';
import type { Assessment } from './score.ts';

const entry = z.strictObject({
  row: z.string().describe('Id of a row: "non-root-user".'),
  criterion: z.string().describe('Id of its criterion that fails: "image-user".'),
  files: z
    .array(z.string())
    .optional()
    .describe('Files where the failure is known; in any other file it is new. Absent: known everywhere.'),
  reason: z.string().optional().describe('Why the project accepts the failure for now.'),
});

/** The file of `--baseline`: failures that a project accepts for now. */
export const baselineSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schemaVersion: z.literal(1),
    failures: z.array(entry),
  })
  .meta({ title: 'mcp-prod baseline' });

export type Baseline = z.infer<typeof baselineSchema>;
export type KnownFailure = Baseline['failures'][number];

/** A failed criterion of an assessment, and whether the baseline lists it. */
export interface Failure {
  row: string;
  criterion: CriterionResult;
  known: boolean;
}

/** An assessment compared with a baseline. */
export interface Comparison {
  failures: Failure[];
  /** Entries whose criterion no longer fails, or is unknown to this version. */
  stale: { entry: KnownFailure; why: string }[];
}

/**
 * Separates known failures from new ones. An entry that could not be assessed this time is not stale: the failure may
 * still be there.
 *
 * @param baseline null: every failure is new
 */
export function compare({ rows }: Assessment, baseline: Baseline | null): Comparison {
  const entries = baseline?.failures ?? [];
  const failures = rows.flatMap(({ row, criteria }) =>
    criteria
      .filter(({ verdict }) => verdict === 'fail')
      .map((criterion) => ({
        row: row.id,
        criterion,
        known: entries.some((known) => known.row === row.id && covers(known, criterion)),
      })),
  );
  const stale = entries.flatMap((known) => {
    const why = staleness(known, rows);
    return why === null ? [] : [{ entry: known, why }];
  });
  return { failures, stale };
}

/** Only files identify a place: lines move with every edit. */
function covers(known: KnownFailure, { id, sources }: CriterionResult): boolean {
  if (known.criterion !== id) return false;
  return known.files === undefined || filesOf(sources).every((file) => known.files?.includes(file));
}

function staleness({ row: id, criterion }: KnownFailure, rows: Assessment['rows']): string | null {
  const row = profiles.extended.find((candidate) => candidate.id === id);
  if (!row) return 'no row has this id';
  if (!row.criteria.some((candidate) => candidate.id === criterion))
    return 'no criterion of the row has this id';
  const result = rows
    .find((candidate) => candidate.row.id === id)
    ?.criteria.find((candidate) => candidate.id === criterion);
  if (result?.verdict === 'pass') return 'it passes now';
  return result?.verdict === 'not-applicable' ? 'it no longer applies' : null;
}

/**
 * The baseline that lists every failure of an assessment. It keeps the reasons of an earlier baseline, and the entries
 * that could not be assessed this time.
 */
export function baselineOf(assessment: Assessment, earlier: Baseline | null): Baseline {
  const { failures, stale } = compare(assessment, earlier);
  const failing = failures.map(({ row, criterion }): KnownFailure => {
    const files = filesOf(criterion.sources);
    const reason = earlier?.failures.find(
      (known) => known.row === row && known.criterion === criterion.id,
    )?.reason;
    return {
      row,
      criterion: criterion.id,
      ...(files.length > 0 && { files }),
      ...(reason !== undefined && { reason }),
    };
  });
  const isOf = (known: KnownFailure) => (other: KnownFailure) =>
    other.row === known.row && other.criterion === known.criterion;
  const unassessed = (earlier?.failures ?? []).filter(
    (known) => !failing.some(isOf(known)) && !stale.some((old) => old.entry === known),
  );
  return { schemaVersion: 1, failures: [...failing, ...unassessed] };
}

function filesOf(sources: CriterionResult['sources']): string[] {
  return [...new Set(sources.flatMap((source) => ('file' in source ? source.file : [])))].sort();
}
