import * as z from 'zod';
import { evidence } from './evidence.ts';

/** The evidence of one audit, as a file. The version changes when older files can no longer be judged. */
export const savedEvidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  evidence,
});
export type SavedEvidence = z.infer<typeof savedEvidenceSchema>;
