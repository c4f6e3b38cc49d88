import * as z from 'zod';
import { labEvidence } from './lab/lab.ts';
import { projectEvidence } from './project.ts';
import { wireEvidence } from './wire.ts';

/** All evidence of one audit: plain data that survives a round trip through JSON. Verdicts depend only on it. */
export const evidence = z.strictObject({
  wire: z.exactOptional(wireEvidence),
  project: z.exactOptional(projectEvidence),
  lab: z.exactOptional(labEvidence),
  /** What the configuration states about facts outside the project, by "<row>/<criterion>". */
  attested: z.exactOptional(z.record(z.string(), z.string())),
  /** The configuration states that the server calls no upstream. */
  noUpstream: z.exactOptional(z.literal(true)),
  /** Notes on the collection for the reader: skipped files, a server that answered 429. */
  notices: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidence>;
