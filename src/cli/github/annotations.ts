import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Failure } from '../../score/baseline.ts';
import type { CriterionResult } from '../../score/evaluate.ts';
import type { Assessment } from '../../score/score.ts';
import { printable } from '../../text/printable.ts';
import { workflowCommand } from './workflow-commands.ts';

/** Where the files of the findings are, and where GitHub looks for files. Both absolute. */
interface Folders {
  project: string | null;
  workspace: string;
}

/**
 * The annotations of an assessment, one for each failed core criterion: an error for a required row, a warning for a
 * recommended one. Known failures get none.
 */
export function annotations({ rows }: Assessment, failures: readonly Failure[], folders: Folders): string {
  const isKnown = (row: string, criterion: CriterionResult) =>
    failures.some((failure) => failure.known && failure.row === row && failure.criterion.id === criterion.id);
  return rows
    .flatMap(({ row, criteria }) =>
      criteria
        .filter(({ kind, verdict }) => kind === 'core' && verdict === 'fail')
        .filter((criterion) => !isKnown(row.id, criterion))
        .map((criterion) => {
          const advice = row.criteria.find(({ id }) => id === criterion.id)?.fix ?? row.fix;
          return workflowCommand(
            row.level === 'required' ? 'error' : 'warning',
            { ...placeOf(criterion, folders), title: `mcp-prod: ${row.title}` },
            `${printable(criterion.finding)} ${advice}`,
          );
        }),
    )
    .join('');
}

/** Relative to the workspace, as GitHub wants it; a file outside of it has no page to be shown on. */
function placeOf(
  { sources }: CriterionResult,
  { project, workspace }: Folders,
): { file: string; line: number } | Record<string, never> {
  const place = sources.find((source) => 'file' in source);
  if (!place || project === null) return {};
  const file = relative(workspace, resolve(project, place.file));
  const isOutside = file === '..' || file.startsWith(`..${sep}`) || isAbsolute(file);
  return isOutside ? {} : { file: file.replaceAll(sep, '/'), line: place.line };
}
