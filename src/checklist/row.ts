import type { Place } from '../evidence/declared.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Exchange } from '../evidence/exchange.ts';
import type { ExperimentId, LabEvidence, LabTransport } from '../evidence/lab/lab.ts';
import type { ProjectEvidence, ProjectPart } from '../evidence/project.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import type { Remedies } from './remedy.ts';

/** In the order of the report. */
export const categories = ['Security', 'Reliability', 'Performance', 'Operations'] as const;
export type Category = (typeof categories)[number];

export type Level = 'required' | 'recommended';

/** One item of the checklist. */
export interface Row {
  /** A permanent public name. Also the name of the row’s folder. */
  id: string;
  title: string;
  category: Category;
  level: Level;
  /** What goes wrong in production without it. */
  why: string;
  /** How to fix a failure, in a few sentences. */
  fix: string;
  /** The specifications and documents behind it. */
  basis: readonly string[];
  /** The fix as code. */
  remedies: Remedies;
  /** Applies to servers over one transport only. */
  only?: OneTransport;
  /** Applies only to servers that call an upstream. */
  about?: 'upstream';
  /** The id of the criterion whose finding reports show first. */
  headline: string;
  criteria: readonly Criterion[];
}

/** Limits a row or criterion to servers over one transport. */
export interface OneTransport {
  transport: LabTransport;
  /** Why it does not apply to the others: "its only client is the program that starts it". */
  because: string;
}

/** What outside the project can make a criterion true. Then a configuration may state it. */
export interface Attestable {
  /** In a sentence: "a log agent on every node". */
  by: string;
  /** It stands between the clients and the server: the server alone does not show it. */
  inFront?: true;
}

/**
 * One statement that is true of a ready server, and its judges. The strongest evidence decides (see `score/evaluate.ts`).
 */
export interface Criterion {
  id: string;
  /** A failed core criterion fails the row; a failed extra costs points. */
  kind: 'core' | 'extra';
  /** The statement, as a sentence. */
  title: string;
  /** It can fail the row, but cannot pass it: a row of which only supporting criteria passed is unknown. */
  supporting?: true;
  /** Default: as the row. */
  only?: OneTransport;
  /** Default: as the row. */
  about?: 'upstream';
  /** How to fix this criterion. Default: the row’s fix. */
  fix?: string;
  /** Judges what files declare. Without every part that it reads, there is no verdict. */
  declared?: (project: ProjectEvidence, all: Evidence) => Judgement;
  /** The parts of the project that `declared` reads. Default: the deployment. */
  reads?: readonly ProjectPart[];
  /** Unread files cannot revoke a failure by `declared`. */
  failureStands?: true;
  /** Judges the responses of a running server. Undefined: other evidence includes them. */
  observed?: (wire: WireEvidence, all: Evidence) => Judgement | undefined;
  /** Judges the lab’s experiments; made by the functions of `reading/lab/proven-by.ts`. */
  proven?: LabJudge;
  attestable?: Attestable;
  /** What the lab would do, where no other evidence can show this: "stall the upstream before its headers". */
  experiment?: string;
}

/** Judges by what the lab showed, and names the experiments that it reads. Undefined: this lab cannot judge it. */
export interface LabJudge<Result = Judgement | undefined> {
  (lab: LabEvidence, all: Evidence): Result;
  /** `all`: whatever any of them recorded. */
  readonly experiments: readonly (ExperimentId | 'baseline')[] | 'all';
}

/** A verdict on one criterion, with sentences for a person. */
export type Judgement =
  | { verdict: 'pass'; finding: string; sources?: readonly Source[] }
  | { verdict: 'fail'; finding: string; sources?: readonly Source[]; contradiction?: true }
  | { verdict: 'inconclusive' | 'not-applicable'; reason: string };

/** The evidence of a finding: a line of a file, a request with its response, or a moment in the lab. */
export type Source = Place | Exchange | Moment;

/** An event of an experiment. */
export interface Moment {
  experiment: string;
  /** Milliseconds since the start of the instance. */
  atMs: number;
  /** For a person: "SIGTERM to the start command", "the call ended with a result". */
  text: string;
}

export type CriterionVerdict = Judgement['verdict'];

export const pass = (finding: string, ...sources: Source[]): Judgement => ({
  verdict: 'pass',
  finding,
  ...cited(sources),
});
export const fail = (finding: string, ...sources: Source[]): Judgement => ({
  verdict: 'fail',
  finding,
  ...cited(sources),
});
/** Fails: two parts of the project, or a file and the running server, contradict each other. */
export const contradiction = (finding: string, ...sources: Source[]): Judgement => ({
  verdict: 'fail',
  finding,
  contradiction: true,
  ...cited(sources),
});
const cited = (sources: Source[]) => (sources.length > 0 ? { sources } : {});

/** Unknown. `reason` says why, and what would help. */
export const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason });
/** The criterion does not apply to this server. */
export const notApplicable = (reason: string): Judgement => ({ verdict: 'not-applicable', reason });

/** The judgement that decides among several: the first failure, else the first inconclusive one, else a pass. */
export function worst(judgements: readonly Judgement[]): Judgement {
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const found = judgements.find((judgement) => judgement.verdict === verdict);
    if (found) return found;
  }
  return judgements[0] ?? notApplicable('There is nothing to judge.');
}

/** The judgement where all of several things must pass: the one that decides, or their findings together. */
export function allOf(judgements: readonly Judgement[]): Judgement {
  const deciding = worst(judgements);
  if (deciding.verdict !== 'pass') return deciding;
  const passed = judgements.flatMap((judgement) => (judgement.verdict === 'pass' ? [judgement] : []));
  const sources = passed.flatMap((judgement) => judgement.sources ?? []);
  return pass(passed.map(({ finding }) => finding).join(' '), ...sources);
}

/** The reason of a criterion that only an experiment can judge. */
export const needsExperiment = (experiment: string): string =>
  `Only an experiment can show this. Add --lab to ${experiment}.`;
