import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { healthPoll } from './health-poll.ts';
import { atMs, launchFacts } from './launch.ts';

/** The health path was polled before, while and after the upstream was down. */
export const healthRefusedHistory = z.strictObject({
  launch: launchFacts,
  /** Each poll on a connection of its own, one after the other. */
  requests: z.array(healthPoll),
  /** Made when polls alone changed nothing: some servers notice by calls only. */
  calls: z.array(callRecord),
  /** When the lab stopped waiting. */
  endedMs: atMs,
  /** Its faults say when the upstream was down. Without one, the health path never returned 200, and the lab stopped there. */
  gateway: gatewayRecord,
});
export type HealthRefusedHistory = z.infer<typeof healthRefusedHistory>;
