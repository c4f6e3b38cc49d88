import * as z from 'zod';
import { labEvidence } from './lab/lab.ts';
import { projectEvidence } from './project.ts';
import { wireEvidence } from './wire.ts';

/** Everything that one audit saw: plain data that survives a round trip through JSON. Verdicts depend on this alone. */
export const evidence = z.strictObject({
  wire: z.exactOptional(wireEvidence),
  project: z.exactOptional(projectEvidence),
  lab: z.exactOptional(labEvidence),
  /** What the reader should know about the collection: skipped files, a server that asked to slow down. */
  notices: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidence>;
