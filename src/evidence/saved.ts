import * as z from 'zod';
import type { Evidence } from './evidence.ts';
import { labEvidence } from './lab/lab.ts';
import { project } from './schema/project.ts';
import type { Same } from './schema/same.ts';
import { wire } from './schema/wire.ts';

const evidence = z.strictObject({
  wire: z.exactOptional(wire),
  project: z.exactOptional(project),
  lab: z.exactOptional(labEvidence),
  notices: z.array(z.string()),
});

true satisfies Same<z.infer<typeof evidence>, Evidence>;

/** What one audit saw, as a file. The version changes when older files could not be judged any more. */
export const savedEvidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  evidence,
});

export type SavedEvidence = z.infer<typeof savedEvidenceSchema>;
