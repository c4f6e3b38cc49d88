import type { Place } from '../evidence/declared.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Exchange } from '../evidence/exchange.ts';
import type { ExperimentId, LabEvidence, LabTransport } from '../evidence/lab/lab.ts';
import type { ProjectEvidence, ProjectPart } from '../evidence/project.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import type { Remedies } from './remedy.ts';

/** In the order in which they are printed. */
export const categories = ['Security', 'Reliability', 'Performance', 'Operations'] as const;
export type Category = (typeof categories)[number];

export type Level = 'required' | 'recommended';

/** One item of the checklist: what it asks for, why, how to get there, and how it is judged. */
export interface Row {
  /** A permanent public name; also the name of the row's folder. */
  id: string;
  title: string;
  category: Category;
  level: Level;
  /** What goes wrong at night without it. */
  why: string;
  /** What to do about a failure, in one or two sentences. */
  fix: string;
  /** The sources that it rests on. */
  basis: readonly string[];
  /** How to get there in code. */
  remedies: Remedies;
  /** Asked of servers over one transport. */
  only?: OneTransport;
  /** The most telling criterion, by its id: reports show its finding first. */
  headline: string;
  criteria: readonly Criterion[];
}

/** A question to servers over one transport; to others it does not apply. */
export interface OneTransport {
  transport: LabTransport;
  /** How it is with the others: "the client that starts it is the only one that it has". */
  because: string;
}

/**
 * One statement that is true of a ready server, and the evidence that can show it.
 * Where several kinds of evidence speak, the strongest decides (see `score/evaluate.ts`).
 */
export interface Criterion {
  id: string;
  /** A failed core criterion fails the row; a failed extra costs points. */
  kind: 'core' | 'extra';
  /** The statement, as a sentence. */
  title: string;
  /**
   * It can fail the row, but says too little to carry it: a row of which only supporting criteria passed is unknown.
   */
  supporting?: true;
  /** Asked of servers over one transport. Default: as the row. */
  only?: OneTransport;
  /** What to do when just this one failed, where the row's own advice would miss it. */
  fix?: string;
  /** Judges by what files declare. Without all of what it reads there is no verdict. */
  declared?: (project: ProjectEvidence, all: Evidence) => Judgement;
  /** The parts of the project that `declared` reads. Default: what deploys the server. */
  reads?: readonly ProjectPart[];
  /** A failure by `declared` rests on what is there, and stands whatever else the project holds. */
  failureStands?: true;
  /** Judges by what was seen over the wire. */
  observed?: (wire: WireEvidence, all: Evidence) => Judgement;
  /** Judges by what the lab's experiments showed; made by the functions of `reading/lab/proven-by.ts`. */
  proven?: LabJudge;
  /** Why it was not assessed when no judge above had evidence, and what would help. Default: the missing evidence. */
  unseen?: string;
}

/** Judges by what the lab showed, and says which experiments it reads. Undefined: this lab has no say in it. */
export interface LabJudge<Result = Judgement | undefined> {
  (lab: LabEvidence, all: Evidence): Result;
  /** `all`: whatever any of them recorded. */
  readonly experiments: readonly (ExperimentId | 'baseline')[] | 'all';
}

/** A verdict on one criterion, with a sentence for a person: what was done, what came back. */
export type Judgement =
  | { verdict: 'pass'; finding: string; sources?: readonly Source[] }
  | { verdict: 'fail'; finding: string; sources?: readonly Source[]; contradiction?: true }
  | { verdict: 'inconclusive' | 'not-applicable'; reason: string };

/** What a finding rests on: a line of a file, a request with what came of it, or what happened in the lab. Reports show it. */
export type Source = Place | Exchange | Moment;

/** One thing that was done or seen in an experiment. */
export interface Moment {
  experiment: string;
  /** Milliseconds since the instance began. */
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
/** Two parts of the project say opposite things, or one says what the running server does not do. It fails. */
export const contradiction = (finding: string, ...sources: Source[]): Judgement => ({
  verdict: 'fail',
  finding,
  contradiction: true,
  ...cited(sources),
});
const cited = (sources: Source[]) => (sources.length > 0 ? { sources } : {});

/** It could not be seen: `reason` says why and what would help. */
export const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason });
/** There is nothing to judge in this project. */
export const notApplicable = (reason: string): Judgement => ({ verdict: 'not-applicable', reason });

/** The judgement that decides where several things of the same kind were judged: a failure, else a doubt, else a pass. */
export function worst(judgements: readonly Judgement[]): Judgement {
  for (const verdict of ['fail', 'inconclusive', 'pass'] as const) {
    const found = judgements.find((judgement) => judgement.verdict === verdict);
    if (found) return found;
  }
  return judgements[0] ?? notApplicable('There is nothing to judge.');
}

/**
 * The reason of a criterion that only an experiment can judge.
 *
 * @param experiment what would have to be done: "stall the upstream before its headers"
 */
export const needsExperiment = (experiment: string): string =>
  `Only an experiment can show this (${experiment}): add --lab.`;
