import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { healthPoll } from './health-poll.ts';
import { atMs, launchFacts } from './launch.ts';

/** The health path was polled before, while and after the upstream was away. */
export const healthRefusedHistory = z.strictObject({
  launch: launchFacts,
  /** Each poll on a connection of its own, one after the other. */
  requests: z.array(healthPoll),
  /** For servers that notice by their calls only: made when polls alone had not changed anything for a while. */
  calls: z.array(callRecord),
  /** When there was nothing more to wait for. */
  endedMs: atMs,
  /** Says from when to when the upstream was away. No fault: the health never said 200, so that no change could show. */
  gateway: gatewayRecord,
});
export type HealthRefusedHistory = z.infer<typeof healthRefusedHistory>;
