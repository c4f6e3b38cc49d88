import type { Experiment } from '../../evidence/lab/experiment.ts';
import type { ExperimentId, HistoryOf } from '../../evidence/lab/lab.ts';
import type { KnownServer } from '../known-server.ts';
import type { CollectWire } from '../wire-audit.ts';
import type { LabRun } from '../world/world.ts';
import type { Need } from './obstacles.ts';

/** A run as one experiment sees it: with what is known of the server, and somebody who wants to hear how far it is. */
export interface ExperimentRun extends LabRun {
  known: KnownServer;
  collectWire: CollectWire;
  /** Tells what is done or waited for now: "the call hangs; waiting for its end". */
  step: (text: string) => void;
}

/** One question to the server under test. An experiment sets up, disturbs and records; it never judges. */
export interface ExperimentOf<Id extends ExperimentId> {
  id: Id;
  /** For a person who waits: "Does a call end while the upstream stalls?" */
  question: string;
  needs: Need;
  /** Seconds that it takes on a ready server. The longest begin first. */
  seconds: number;
  /**
   * @throws the reason of an abort, after everything it started was stopped. Anything else that is thrown makes it an
   *   experiment that did not run.
   */
  run: (run: ExperimentRun) => Promise<Experiment<HistoryOf<Id>>>;
}

export type AnyExperiment = { [Id in ExperimentId]: ExperimentOf<Id> }[ExperimentId];
