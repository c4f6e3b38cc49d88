import { profileNames, profiles, weights } from '../checklist/checklist.ts';
import type { Remedies } from '../checklist/remedy.ts';
import type { Category, Criterion, LabJudge, Level, Row } from '../checklist/row.ts';
import type { LabTransport } from '../evidence/lab/lab.ts';
import type { Proof } from '../evidence/proof.ts';

/** A row as plain data: all that its page says. */
export interface Description {
  id: string;
  title: string;
  category: Category;
  level: Level;
  points: number;
  profiles: string[];
  /** The transport of the servers that it is asked of; none: any. */
  only?: LabTransport;
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
  /** As of the row, where it differs. */
  only?: LabTransport;
  /** What can show it, strongest last. */
  evidence: Proof[];
  /** The experiments of the lab that can show it. */
  experiments?: LabJudge['experiments'];
  /** What to do when just this one failed. */
  fix?: string;
}

export function describeRow(row: Row): Description {
  const { id, title, category, level, only, why, fix, remedies, basis } = row;
  return {
    id,
    title,
    category,
    level,
    points: weights[level],
    profiles: profileNames.filter((profile) => profiles[profile].some((candidate) => candidate.id === id)),
    ...(only !== undefined && { only: only.transport }),
    why,
    criteria: row.criteria.map(describeCriterion),
    fix,
    remedies,
    sources: basis,
  };
}

function describeCriterion(criterion: Criterion): CriterionDescription {
  const { id, title, kind, supporting = false, only, proven, fix } = criterion;
  const evidence: Proof[] = [
    ...(criterion.declared ? (['declared'] as const) : []),
    ...(criterion.observed ? (['observed'] as const) : []),
    ...(proven ? (['proven'] as const) : []),
  ];
  return {
    id,
    title,
    kind,
    supporting,
    ...(only !== undefined && { only: only.transport }),
    evidence,
    ...(proven !== undefined && { experiments: proven.experiments }),
    ...(fix !== undefined && { fix }),
  };
}

/** Where the evidence for a criterion comes from, for a person: "files of the project, the lab (shutdown)". */
export const evidenceText = ({ evidence, experiments = [] }: CriterionDescription): string =>
  evidence
    .map((proof) => {
      if (proof === 'declared') return 'files of the project';
      if (proof === 'observed') return 'the running server';
      return `the lab (${experiments === 'all' ? 'every experiment' : experiments.join(', ')})`;
    })
    .join(', ');

/** What a criterion means for its row, in some words. */
export const roleText = ({ kind, supporting, only }: CriterionDescription): string =>
  [supporting ? 'core, supporting' : kind, ...(only === undefined ? [] : [onlyText[only]])].join(', ');

/** Which servers a row or a criterion is about. */
export const onlyText: Record<LabTransport, string> = {
  http: 'servers over HTTP only',
  stdio: 'servers over stdio only',
};
