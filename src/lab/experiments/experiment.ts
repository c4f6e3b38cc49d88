import type { Experiment } from '../../evidence/lab/experiment.ts';
import type { ExperimentId, HistoryOf, LabTransport } from '../../evidence/lab/lab.ts';
import type { KnownServer } from '../known-server.ts';
import type { World } from '../world/world.ts';
import type { Need } from './obstacles.ts';

/** A run as one experiment sees it: with what is known of the server, and a way to report progress. */
export interface ExperimentRun extends World {
  known: KnownServer;
  /** Reports what is done or waited for now: "the call hangs; waiting for its end". */
  step: (text: string) => void;
}

/** One question to the server under test. An experiment sets up, disturbs and records; it never judges. */
export interface ExperimentOf<Id extends ExperimentId> {
  /** Also the name of its file, of its history's file, and of the file that judges it. */
  id: Id;
  /** For a person who waits: "Does a call end while the upstream stalls?" */
  question: string;
  /** What is done, for the documentation: "Calls a tool while the upstream does not respond." */
  does: string;
  /** The transports of the servers that it is run on. */
  over: readonly LabTransport[];
  needs: Need;
  /** Seconds that it takes on a ready server. The longest start first. */
  seconds: number;
  /**
   * @throws the reason of an abort, after everything it started was stopped. Any other error makes it an experiment that did
   *   not run.
   */
  run: (run: ExperimentRun) => Promise<Experiment<HistoryOf<Id>>>;
}

export type AnyExperiment = { [Id in ExperimentId]: ExperimentOf<Id> }[ExperimentId];
