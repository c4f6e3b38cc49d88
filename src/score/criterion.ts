import { whyUnread } from '../checklist/reading/server/unfinished.ts';
import { isServed } from '../checklist/reading/wire/exchanges.ts';
import {
  type Criterion,
  type CriterionVerdict,
  inconclusive,
  type Judgement,
  needsExperiment,
  notApplicable,
  type OneTransport,
  type Row,
  type Source,
} from '../checklist/row.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LabTransport } from '../evidence/lab/lab.ts';
import type { ProjectEvidence } from '../evidence/project.ts';
import { type Proof, proofs } from '../evidence/proof.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { joined } from '../text/counts.ts';
import { type WithProof, withAttestation } from './attestation.ts';
import { judgeNoUpstream } from './no-upstream.ts';

export interface CriterionResult {
  id: string;
  title: string;
  kind: Criterion['kind'];
  verdict: CriterionVerdict;
  /** The evidence that decided; null without a decision. */
  proof: Proof | null;
  /** What was done and what came back. Empty without a decision. */
  finding: string;
  /** Why there is no verdict, and what would help. */
  reason?: string;
  /** What the finding rests on. */
  sources: readonly Source[];
}

/** Judges one criterion. The strongest evidence with a verdict decides; what disagrees is a contradiction. */
export function judge(
  criterion: Criterion,
  row: Row,
  evidence: Evidence,
): { result: CriterionResult; contradictions: string[] } {
  const { id, title, kind } = criterion;
  const elsewhere = otherTransport(criterion.only ?? row.only, evidence);
  const noUpstream = judgeNoUpstream(criterion, row, evidence);
  const judgements: WithProof[] =
    noUpstream?.verdict === 'fail'
      ? [{ proof: 'proven', judgement: noUpstream }]
      : elsewhere === undefined
        ? judgementsOf(criterion, row, evidence)
        : [];
  const [deciding, ...weaker] = judgements.filter(({ judgement }) => isAssessed(judgement.verdict));
  if (deciding && 'finding' in deciding.judgement) {
    const { verdict, finding, sources = [] } = deciding.judgement;
    const own = 'contradiction' in deciding.judgement ? [finding] : [];
    const contradictions = weaker.flatMap(({ proof, judgement }) =>
      judgement.verdict !== verdict && 'finding' in judgement
        ? [`${title}: ${claims[proof]} "${judgement.finding}", but ${claims[deciding.proof]} "${finding}"`]
        : [],
    );
    return {
      result: { id, title, kind, verdict, proof: deciding.proof, finding, sources },
      contradictions: [...own, ...contradictions],
    };
  }
  const undecided =
    elsewhere ??
    noUpstream ??
    judgements[0]?.judgement ??
    inconclusive(whyNotAssessed(row, criterion, evidence));
  const reason = 'reason' in undecided ? undecided.reason : '';
  return {
    result: { id, title, kind, verdict: undecided.verdict, proof: null, finding: '', reason, sources: [] },
    contradictions: [],
  };
}

/** How a contradiction quotes each kind of evidence. */
const claims: Record<Proof, string> = {
  attested: 'the configuration says',
  declared: 'the files say',
  observed: 'the running server shows',
  proven: 'the lab shows',
};

export const isAssessed = (verdict: CriterionVerdict): boolean => verdict === 'pass' || verdict === 'fail';

const transportNames: Record<LabTransport, string> = { http: 'HTTP', stdio: 'stdio' };

/** Not applicable: the criterion is for servers over another transport. Undefined: it is for this one, or this one is unknown. */
function otherTransport(only: OneTransport | undefined, { lab, wire }: Evidence): Judgement | undefined {
  const transport = lab?.transport ?? (wire ? 'http' : undefined);
  if (only === undefined || transport === undefined || transport === only.transport) return undefined;
  return notApplicable(`This server speaks ${transportNames[transport]}: ${only.because}.`);
}

/** Strongest first. */
function judgementsOf(criterion: Criterion, row: Row, evidence: Evidence): WithProof[] {
  const { lab, wire, project } = evidence;
  const judgements: Partial<Record<Proof, Judgement | undefined>> = {
    proven: lab && criterion.proven?.(lab, evidence),
    observed: wire && judgeWire(criterion, wire, evidence),
    declared: project && judgeFiles(criterion, project, evidence),
  };
  const shown = proofs.toReversed().flatMap((proof) => {
    const judgement = judgements[proof];
    return judgement ? [{ proof, judgement }] : [];
  });
  return withAttestation(criterion, row, shown, evidence);
}

function judgeWire(criterion: Criterion, wire: WireEvidence, evidence: Evidence): Judgement | undefined {
  if (isServed(wire)) return criterion.observed?.(wire, evidence);
  return criterion.observed && inconclusive('No MCP client could connect at this URL.');
}

/** A part that was not read may say the opposite of what was read. Files that say nothing leave the question open. */
function judgeFiles(
  criterion: Criterion,
  project: ProjectEvidence,
  evidence: Evidence,
): Judgement | undefined {
  const judgement = criterion.declared?.(project, evidence);
  if (judgement === undefined || (criterion.failureStands && judgement.verdict === 'fail')) return judgement;
  const unread = whyUnread(project, criterion.reads);
  if (unread) return unread;
  return judgement.verdict === 'inconclusive'
    ? inconclusive(withAdvice(judgement.reason, criterion, evidence))
    : judgement;
}

/** The reason of files, and the stronger evidence that would settle the question. A flag that the reason names is not repeated. */
function withAdvice(reason: string, { proven, observed }: Criterion, { lab, wire }: Evidence): string {
  const steps = [
    ...(observed && !wire ? ['audit the running server by its URL'] : []),
    ...(proven && !lab && !reason.includes('--lab') ? ['add --lab'] : []),
  ];
  return steps.length === 0 ? reason : `${reason} To settle this, ${steps.join(' or ')}.`;
}

/** Whether files alone can carry the row: no stronger evidence judges this criterion. */
const settledByFiles = ({ kind, supporting, declared, observed, proven }: Criterion): boolean =>
  kind === 'core' && !supporting && declared !== undefined && !observed && !proven;

/** Why a criterion was not assessed whose judges had no evidence, and what would help. */
function whyNotAssessed(row: Row, criterion: Criterion, { lab, wire, project }: Evidence): string {
  const { declared, observed, proven, experiment } = criterion;
  if (experiment && !project && criterion.id === row.headline && row.criteria.some(settledByFiles)) {
    return `The project’s files or an experiment can settle this. Add --project <dir>, or --lab to ${experiment}.`;
  }
  if (experiment) return needsExperiment(experiment);
  const missing = [
    ...(declared && !project ? ['the project’s files (--project <dir>)'] : []),
    ...(observed && !wire ? ['a running server (its URL)'] : []),
    ...(proven && !lab ? ['an experiment (--lab)'] : []),
  ];
  return `Not assessed: this needs ${joined(missing, 'or') || 'other evidence'}.`;
}
