import { profileNames, profiles, weights } from '../checklist/checklist.ts';
import type { Remedies } from '../checklist/remedy.ts';
import type { Attestable, Category, Criterion, LabJudge, Level, Row } from '../checklist/row.ts';
import type { LabTransport } from '../evidence/lab/lab.ts';
import type { Proof } from '../evidence/proof.ts';

/** A row as plain data: the content of its page. */
export interface Description {
  id: string;
  title: string;
  category: Category;
  level: Level;
  points: number;
  profiles: string[];
  /** The transport of the servers that it applies to; absent: any. */
  only?: LabTransport;
  /** It applies only to servers that call an upstream. */
  about?: 'upstream';
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
  /** It can fail the row, but cannot pass it alone. */
  supporting: boolean;
  /** Where it differs from the row. */
  only?: LabTransport;
  about?: 'upstream';
  /** The evidence that can judge it, strongest last. */
  evidence: Proof[];
  /** The experiments of the lab that can show it. */
  experiments?: LabJudge['experiments'];
  /** What outside the project can make it true. Then the configuration may attest it. */
  attestable?: Attestable;
  /** What to do when only this criterion failed. */
  fix?: string;
}

export function describeRow(row: Row): Description {
  const { id, title, category, level, only, about, why, fix, remedies, basis } = row;
  return {
    id,
    title,
    category,
    level,
    points: weights[level],
    profiles: profileNames.filter((profile) => profiles[profile].some((candidate) => candidate.id === id)),
    ...(only !== undefined && { only: only.transport }),
    ...(about !== undefined && { about }),
    why,
    criteria: row.criteria.map(describeCriterion),
    fix,
    remedies,
    sources: basis,
  };
}

function describeCriterion(criterion: Criterion): CriterionDescription {
  const { id, title, kind, supporting = false, only, about, proven, attestable, fix } = criterion;
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
    ...(about !== undefined && { about }),
    evidence,
    ...(proven !== undefined && { experiments: proven.experiments }),
    ...(attestable !== undefined && { attestable }),
    ...(fix !== undefined && { fix }),
  };
}

/** The sources of evidence for a criterion: "files of the project, the lab (shutdown)". */
export const judgedBy = ({ evidence, experiments = [], attestable }: CriterionDescription): string =>
  [
    ...evidence.map((proof) => {
      if (proof === 'declared') return 'files of the project';
      if (proof === 'observed') return 'the running server';
      return `the lab (${experiments === 'all' ? 'every experiment' : experiments.join(', ')})`;
    }),
    ...(attestable ? [`an attestation (${attestable.by})`] : []),
  ].join(', ');

/** "both profiles" or "profile extended" */
export const profileText = ({ profiles }: Description): string =>
  profiles.length > 1 ? 'both profiles' : `profile ${profiles[0]}`;

/** What a criterion means for its row: "core, supporting". */
export const roleText = ({ kind, supporting, ...applies }: CriterionDescription): string =>
  [supporting ? 'core, supporting' : kind, ...appliesTo(applies)].join(', ');

/** The servers that a row or a criterion applies to, where these are not all. */
export const appliesTo = ({ only, about }: Pick<Description, 'only' | 'about'>): string[] => [
  ...(only === undefined ? [] : [onlyText[only]]),
  ...(about === undefined ? [] : ['servers with an upstream only']),
];

const onlyText: Record<LabTransport, string> = {
  http: 'servers over HTTP only',
  stdio: 'servers over stdio only',
};
