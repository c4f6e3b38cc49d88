import * as z from 'zod';
import { httpRecord } from './client.ts';

/** One GET of the health path. */
export const healthPoll = httpRecord.extend({
  /** Milliseconds by which the auditor itself was late. The response may have come that much earlier. */
  lateMs: z.number().nonnegative(),
});
export type HealthPoll = z.infer<typeof healthPoll>;
