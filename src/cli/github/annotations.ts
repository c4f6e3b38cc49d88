import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Failure } from '../../score/baseline.ts';
import type { CriterionResult } from '../../score/criterion.ts';
import { headlineFirst } from '../../score/evaluate.ts';
import type { Assessment } from '../../score/score.ts';
import { printable } from '../../text/printable.ts';
import { workflowCommand } from './workflow-commands.ts';

/** The folder of the audited files, and the folder where GitHub looks for files. Both absolute. */
interface Folders {
  project: string | null;
  workspace: string;
}

/**
 * The annotations of an assessment: one for each failed core criterion, the headline of a row first. A required row gets
 * errors, a recommended row warnings, a known failure none.
 */
export function annotations({ rows }: Assessment, failures: readonly Failure[], folders: Folders): string {
  const isKnown = (row: string, criterion: CriterionResult) =>
    failures.some((failure) => failure.known && failure.row === row && failure.criterion.id === criterion.id);
  return rows
    .flatMap((result) => {
      const { row } = result;
      return headlineFirst(result)
        .filter(({ kind, verdict }) => kind === 'core' && verdict === 'fail')
        .filter((criterion) => !isKnown(row.id, criterion))
        .map((criterion) => {
          const advice = row.criteria.find(({ id }) => id === criterion.id)?.fix ?? row.fix;
          return workflowCommand(
            row.level === 'required' ? 'error' : 'warning',
            { ...placeOf(criterion, folders), title: `mcp-prod: ${row.title}` },
            `${printable(criterion.finding)} ${advice}`,
          );
        });
    })
    .join('');
}

/** Relative to the workspace, as GitHub expects. GitHub shows no file outside of it. */
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
