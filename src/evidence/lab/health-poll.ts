import * as z from 'zod';
import { httpRecord } from './client.ts';

/** One GET of the health path. */
export const healthPoll = httpRecord.extend({
  /** Milliseconds that the auditor itself was late meanwhile: so much earlier the answer may have been there. */
  lateMs: z.number().nonnegative(),
});
export type HealthPoll = z.infer<typeof healthPoll>;
