import { weights } from '../checklist/checklist.ts';
import { whyUnread } from '../checklist/reading/server/unfinished.ts';
import { isServed } from '../checklist/reading/wire/exchanges.ts';
import {
  type Criterion,
  type CriterionVerdict,
  inconclusive,
  type Judgement,
  notApplicable,
  type OneTransport,
  type Row,
  type Source,
} from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LabTransport } from '../evidence/lab/lab.ts';
import type { ProjectEvidence } from '../evidence/project.ts';
import { type Proof, proofs } from '../evidence/proof.ts';

export interface CriterionResult {
  id: string;
  title: string;
  kind: Criterion['kind'];
  verdict: CriterionVerdict;
  /** The evidence that decided; null when nothing did. */
  proof: Proof | null;
  /** What was seen. Empty when nothing was. */
  finding: string;
  /** Why there is no verdict, and what would help. */
  reason?: string;
  /** What the finding rests on. */
  sources: readonly Source[];
}

export type RowVerdict = 'pass' | 'partial' | 'fail' | 'unknown' | 'not-applicable';

export interface RowResult {
  row: Row;
  verdict: RowVerdict;
  /** The strongest evidence among the criteria that made the verdict. */
  proof: Proof | null;
  points: { earned: number; possible: number };
  criteria: CriterionResult[];
  /** Where weaker evidence says otherwise than the evidence that decided. */
  contradictions: string[];
}

/** Judges one row by all that was seen. Pure: the same evidence always gives the same result. */
export function evaluate(row: Row, evidence: Evidence): RowResult {
  const judged = row.criteria.map((criterion) => judge(criterion, row, evidence));
  const criteria = judged.map(({ result }) => result);
  const core = criteria.filter(({ kind }) => kind === 'core');
  const supporting = new Set(row.criteria.filter((criterion) => criterion.supporting).map(({ id }) => id));
  const carrying = core.filter(({ id }) => !supporting.has(id));
  const verdict = rowVerdict(criteria, core, carrying);
  return {
    row,
    verdict,
    proof: rowProof(verdict, carrying, core),
    points: points(verdict, criteria, weights[row.level]),
    criteria,
    contradictions: judged.flatMap(({ contradictions }) => contradictions),
  };
}

const transportNames: Record<LabTransport, string> = { http: 'HTTP', stdio: 'stdio' };

/** That a question is for servers over another transport; undefined: it is for this one, or nobody knows which this one is. */
function otherTransport(only: OneTransport | undefined, { lab, wire }: Evidence): Judgement | undefined {
  const transport = lab?.transport ?? (wire ? 'http' : undefined);
  if (only === undefined || transport === undefined || transport === only.transport) return undefined;
  return notApplicable(`This server speaks ${transportNames[transport]}: ${only.because}.`);
}

/** Strongest first. */
function judgementsOf(criterion: Criterion, evidence: Evidence): { proof: Proof; judgement: Judgement }[] {
  const judgements: { proof: Proof; judgement: Judgement }[] = [];
  if (criterion.proven && evidence.lab) {
    const judgement = criterion.proven(evidence.lab, evidence);
    if (judgement !== undefined) judgements.push({ proof: 'proven', judgement });
  }
  if (criterion.observed && evidence.wire) {
    const judgement = isServed(evidence.wire)
      ? criterion.observed(evidence.wire, evidence)
      : inconclusive('No MCP client was served at this URL, so nothing about the server was seen.');
    judgements.push({ proof: 'observed', judgement });
  }
  if (criterion.declared && evidence.project) {
    const judgement = unlessUnread(
      criterion,
      evidence.project,
      criterion.declared(evidence.project, evidence),
    );
    judgements.push({ proof: 'declared', judgement });
  }
  return judgements;
}

/** A judgement by files, unless some of them were not read: what they say may be the opposite. */
function unlessUnread(
  { reads, failureStands }: Criterion,
  project: ProjectEvidence,
  judgement: Judgement,
): Judgement {
  if (failureStands && judgement.verdict === 'fail') return judgement;
  return whyUnread(project, reads) ?? judgement;
}

function judge(
  criterion: Criterion,
  row: Row,
  evidence: Evidence,
): { result: CriterionResult; contradictions: string[] } {
  const { id, title, kind } = criterion;
  const elsewhere = otherTransport(criterion.only ?? row.only, evidence);
  const judgements = elsewhere === undefined ? judgementsOf(criterion, evidence) : [];
  const decided = judgements.filter(({ judgement }) => isAssessed(judgement.verdict));
  const [deciding, ...weaker] = decided;
  if (deciding && 'finding' in deciding.judgement) {
    const { verdict, finding, sources = [] } = deciding.judgement;
    const own = 'contradiction' in deciding.judgement ? [finding] : [];
    const contradictions = weaker.flatMap(({ proof, judgement }) =>
      judgement.verdict !== verdict && 'finding' in judgement
        ? [`${title}: ${proof} "${judgement.finding}", but ${deciding.proof} "${finding}"`]
        : [],
    );
    return {
      result: { id, title, kind, verdict, proof: deciding.proof, finding, sources },
      contradictions: [...own, ...contradictions],
    };
  }
  const [first] = judgements;
  const undecided = elsewhere ?? first?.judgement ?? inconclusive(missing(criterion));
  const reason = 'reason' in undecided ? undecided.reason : '';
  return {
    result: { id, title, kind, verdict: undecided.verdict, proof: null, finding: '', reason, sources: [] },
    contradictions: [],
  };
}

/** Why a criterion whose judges had no evidence was not assessed, and what would give them some. */
function missing(criterion: Criterion): string {
  if (criterion.unknownReason) return criterion.unknownReason;
  const wanted = [
    ...(criterion.declared ? ['the project’s files (--project <dir>)'] : []),
    ...(criterion.observed ? ['a running server (its URL)'] : []),
    ...(criterion.proven ? ['an experiment (--lab)'] : []),
  ];
  return `Not looked at: it takes ${wanted.join(' or ')}.`;
}

const isAssessed = (verdict: CriterionVerdict): boolean => verdict === 'pass' || verdict === 'fail';

function rowVerdict(
  criteria: CriterionResult[],
  core: CriterionResult[],
  carrying: CriterionResult[],
): RowVerdict {
  if (core.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (!carrying.some(({ verdict }) => verdict === 'pass')) {
    return carrying.every(({ verdict }) => verdict === 'not-applicable') ? 'not-applicable' : 'unknown';
  }
  const extras = criteria.filter(({ kind }) => kind === 'extra');
  return extras.some(({ verdict }) => verdict === 'fail') ? 'partial' : 'pass';
}

/** `partial` earns 60 % for its core and the rest by the share of extras that passed. */
function points(verdict: RowVerdict, criteria: CriterionResult[], possible: number) {
  if (verdict === 'pass') return { earned: possible, possible };
  if (verdict !== 'partial') return { earned: 0, possible };
  const extras = criteria.filter((criterion) => criterion.kind === 'extra' && isAssessed(criterion.verdict));
  const passed = extras.filter((criterion) => criterion.verdict === 'pass').length;
  return { earned: (possible * (6 * extras.length + 4 * passed)) / (10 * extras.length), possible };
}

/** The strongest evidence among the criteria that made the verdict: the failures, or else what carried the pass. */
function rowProof(verdict: RowVerdict, carrying: CriterionResult[], core: CriterionResult[]): Proof | null {
  const deciding =
    verdict === 'fail'
      ? core.filter((criterion) => criterion.verdict === 'fail')
      : carrying.filter((criterion) => criterion.verdict === 'pass');
  return proofs.filter((proof) => deciding.some((criterion) => criterion.proof === proof)).at(-1) ?? null;
}
