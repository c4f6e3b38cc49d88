import * as z from 'zod';
import { gatewayRecord } from './gateway.ts';
import { healthPoll } from './health-poll.ts';
import { launchFacts } from './launch.ts';

/** The health path was polled often while all was well, and nothing else was asked of the server. */
export const healthPollingHistory = z.strictObject({
  launch: launchFacts,
  requests: z.array(healthPoll),
  /** What went upstream from the first poll until a moment after the last answer is what the polls took. */
  gateway: gatewayRecord,
});
export type HealthPollingHistory = z.infer<typeof healthPollingHistory>;
