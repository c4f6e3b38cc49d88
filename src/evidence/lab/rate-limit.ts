import * as z from 'zod';
import { wireEvidence } from '../wire.ts';
import { launchFacts } from './launch.ts';

/** A burst met an instance of its own, whose clock the lab can move. */
export const rateLimitHistory = z.strictObject({
  launch: launchFacts,
  /** What the burst and its follow-ups showed, as a wire audit records it; of bodies only the beginnings. */
  wire: wireEvidence,
});
export type RateLimitHistory = z.infer<typeof rateLimitHistory>;
