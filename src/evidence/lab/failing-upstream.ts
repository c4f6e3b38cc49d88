import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** What goes wrong upstream, and is over at once. */
export const failure = z.enum(['reset', 'refuse', 'server-error', 'too-many-requests']);
export type Failure = z.infer<typeof failure>;

/**
 * - `before`: while nothing was wrong. Missing where the tool has no other arguments
 * - `failing`: with arguments that no cache has seen, under the fault
 * - `afterwards`: the upstream was back; once a second until one had a result
 */
const failingCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['before', 'failing', 'afterwards']),
});

/** One instance met one fault. */
export const failureSeen = z.strictObject({
  fault: failure,
  launch: launchFacts,
  calls: z.array(failingCall),
  gateway: gatewayRecord,
});
export type FailureSeen = z.infer<typeof failureSeen>;

/** A call was made while the upstream failed, and others after it had come back; each fault met an instance of its own. */
export const failingUpstreamHistory = z.strictObject({
  instances: z.array(failureSeen),
  /** Milliseconds that the end of the call was waited for. */
  boundMs: z.number().nonnegative(),
});
export type FailingUpstreamHistory = z.infer<typeof failingUpstreamHistory>;
