import type { LabEvidence } from './lab/lab.ts';
import type { ProjectEvidence } from './project.ts';
import type { WireEvidence } from './wire.ts';

/**
 * Everything one audit saw: plain data that survives a round trip through JSON.
 * Verdicts are functions of this and of nothing else.
 */
export interface Evidence {
  wire?: WireEvidence;
  project?: ProjectEvidence;
  lab?: LabEvidence;
  /** What the reader should know about how it was collected: skipped files, a server that asked to slow down. */
  notices: string[];
}

/**
 * How strongly something is known: read in files, seen over the wire, or shown by an experiment.
 * The order matters: later is stronger.
 */
export const proofs = ['declared', 'observed', 'proven'] as const;
export type Proof = (typeof proofs)[number];
