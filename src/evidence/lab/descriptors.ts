import * as z from 'zod';
import { callRecord, httpRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts, processFacts } from './launch.ts';

/** The lab lowered the listener's limit of open files, and opened more connections than that allows. */
export const descriptorsHistory = z.strictObject({
  launch: launchFacts,
  /** The listener's soft limit while the connections were open. */
  limit: z.int(),
  /** Connections that were tried, and those that were open at the end. */
  tried: z.int(),
  held: z.int(),
  openedMs: atMs,
  /** When they were closed and the limit was restored. */
  closedMs: atMs,
  /** The listener just before; null: it had exited. */
  exhausted: processFacts.nullable(),
  /** The listener at the end; null: it had exited. */
  listener: processFacts.nullable(),
  /** Health before, during and after. Polling ended with the first response, or when the time was up. */
  requests: z.array(httpRecord),
  /** One before and one at the end, if a tool can be called. */
  calls: z.array(callRecord),
  gateway: gatewayRecord,
});
export type DescriptorsHistory = z.infer<typeof descriptorsHistory>;
