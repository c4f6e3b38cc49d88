import { profileNames, profiles, weights } from '../checklist/checklist.ts';
import { remediesOf } from '../checklist/remedies/remedies.ts';
import type { Remedies } from '../checklist/remedies/remedy.ts';
import type { Category, Criterion, Level, Row } from '../checklist/row.ts';
import type { Proof } from '../evidence/evidence.ts';

/** A row as plain data: all that its page says. */
export interface Description {
  id: string;
  title: string;
  category: Category;
  level: Level;
  points: number;
  profiles: string[];
  why: string;
  criteria: CriterionDescription[];
  fix: string;
  remedies: Remedies;
  sources: readonly string[];
}

export interface CriterionDescription {
  id: string;
  title: string;
  kind: Criterion['kind'];
  /** It can fail the row and cannot carry it. */
  supporting: boolean;
  /** What can show it, strongest last. */
  evidence: Proof[];
  /** What to do when just this one failed. */
  fix?: string;
}

export function describeRow(row: Row): Description {
  const { id, title, category, level, why, fix, basis } = row;
  return {
    id,
    title,
    category,
    level,
    points: weights[level],
    profiles: profileNames.filter((profile) => profiles[profile].some((candidate) => candidate.id === id)),
    why,
    criteria: row.criteria.map(describeCriterion),
    fix,
    remedies: remediesOf(id),
    sources: basis,
  };
}

function describeCriterion(criterion: Criterion): CriterionDescription {
  const { id, title, kind, supporting = false, fix } = criterion;
  const evidence: Proof[] = [
    ...(criterion.declared ? (['declared'] as const) : []),
    ...(criterion.observed ? (['observed'] as const) : []),
    ...(criterion.proven ? (['proven'] as const) : []),
  ];
  return {
    id,
    title,
    kind,
    supporting,
    evidence,
    ...(fix !== undefined && { fix }),
  };
}

/** Where each kind of evidence comes from, for a person. */
export const evidenceText: Record<Proof, string> = {
  declared: 'files of the project',
  observed: 'the running server',
  proven: 'an experiment of the lab',
};

/** What a criterion means for its row, in a word or two. */
export const roleText = ({ kind, supporting }: CriterionDescription): string =>
  supporting ? 'core, supporting' : kind;
