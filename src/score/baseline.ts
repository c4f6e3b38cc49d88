import * as z from 'zod';
import { profiles } from '../checklist/checklist.ts';
import type { CriterionResult } from './evaluate.ts';
import type { Assessment } from './score.ts';

const entry = z.strictObject({
  row: z.string().describe('Id of a row: "non-root-user".'),
  criterion: z.string().describe('Id of the criterion in it that fails: "image-user".'),
  files: z
    .array(z.string())
    .optional()
    .describe('It is known in these files, and new in any other. Absent: wherever it fails.'),
  reason: z.string().optional().describe('Why it is accepted for now, for the next reader.'),
});

/** The file of `--baseline`: the failures that a project knows and lives with for now. */
export const baselineSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schemaVersion: z.literal(1),
    failures: z.array(entry),
  })
  .meta({ title: 'mcp-prod baseline' });

export type Baseline = z.infer<typeof baselineSchema>;
export type KnownFailure = Baseline['failures'][number];

/** One failed criterion of an assessment, and whether the baseline knows it. */
export interface Failure {
  row: string;
  criterion: CriterionResult;
  known: boolean;
}

/** An assessment held against a baseline. */
export interface Comparison {
  failures: Failure[];
  /** Entries whose criterion does not fail any more, or is not judged by this version at all. */
  stale: { entry: KnownFailure; why: string }[];
}

/**
 * Tells known failures from new ones. An entry that could not be assessed this time is neither met nor stale: nothing shows
 * that it was mended.
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

/** Lines move with every edit, so that only files tell one place from another. */
function covers(known: KnownFailure, { id, sources }: CriterionResult): boolean {
  if (known.criterion !== id) return false;
  return known.files === undefined || filesOf(sources).every((file) => known.files?.includes(file));
}

function staleness({ row: id, criterion }: KnownFailure, rows: Assessment['rows']): string | null {
  const row = profiles.extended.find((candidate) => candidate.id === id);
  if (!row) return 'there is no such row';
  if (!row.criteria.some((candidate) => candidate.id === criterion)) return 'the row has no such criterion';
  const result = rows
    .find((candidate) => candidate.row.id === id)
    ?.criteria.find((candidate) => candidate.id === criterion);
  if (result?.verdict === 'pass') return 'it passes now';
  return result?.verdict === 'not-applicable' ? 'it does not apply any more' : null;
}

/**
 * The baseline that makes every failure of an assessment a known one. Of an earlier baseline it keeps the reasons, and the
 * entries that could not be assessed this time.
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
  const unseen = (earlier?.failures ?? []).filter(
    (known) => !failing.some(isOf(known)) && !stale.some((old) => old.entry === known),
  );
  return { schemaVersion: 1, failures: [...failing, ...unseen] };
}

function filesOf(sources: CriterionResult['sources']): string[] {
  return [...new Set(sources.flatMap((source) => ('file' in source ? source.file : [])))].sort();
}
