import * as z from 'zod';
import { callRecord, httpRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts, processFacts } from './launch.ts';

/** The limit of open files of the running listener was lowered, and more connections were opened than that allows. */
export const descriptorsHistory = z.strictObject({
  launch: launchFacts,
  /** The listener's soft limit while the connections were open. */
  limit: z.int(),
  /** Connections that were tried, and those that were still open when they were let go. */
  tried: z.int(),
  held: z.int(),
  openedMs: atMs,
  /** When they were closed, and the limit was as before. */
  closedMs: atMs,
  /** The listener just before that; null: it was gone. */
  exhausted: processFacts.nullable(),
  /** The listener at the end; null: it was gone. */
  listener: processFacts.nullable(),
  /** Health before, during and after, the last until it was served or nobody waited any longer. */
  requests: z.array(httpRecord),
  /** One before, and one at the end, where a tool can be called. */
  calls: z.array(callRecord),
  gateway: gatewayRecord,
});
export type DescriptorsHistory = z.infer<typeof descriptorsHistory>;
