import * as z from 'zod';
import { gatewayRecord } from './gateway.ts';
import { healthPoll } from './health-poll.ts';
import { launchFacts } from './launch.ts';

/** The health path was polled often while nothing was wrong and no other request was made. */
export const healthPollingHistory = z.strictObject({
  launch: launchFacts,
  requests: z.array(healthPoll),
  /** The polls caused every request from the first poll until shortly after the last response. */
  gateway: gatewayRecord,
});
export type HealthPollingHistory = z.infer<typeof healthPollingHistory>;
