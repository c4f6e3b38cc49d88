import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** Upstream failures that end the request at once. */
export const failure = z.enum(['reset', 'refuse', 'server-error', 'too-many-requests']);
export type Failure = z.infer<typeof failure>;

/**
 * - `before`: while nothing was wrong. Missing if the tool has no other arguments
 * - `failing`: under the fault, with arguments that no cache holds
 * - `afterwards`: the upstream was back; once a second until one had a result
 */
const failingCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['before', 'failing', 'afterwards']),
});

/** One fault, from the call before to the calls after it. */
const failureMet = z.strictObject({ fault: failure, calls: z.array(failingCall) });
export type FailureMet = z.infer<typeof failureMet>;

/** One instance met one fault after the other, each only after it had recovered from the one before. */
const instanceThatMet = z.strictObject({
  failures: z.array(failureMet),
  launch: launchFacts,
  gateway: gatewayRecord,
});
export type InstanceThatMet = z.infer<typeof instanceThatMet>;

/** Calls were made while the upstream failed, and after it was back. */
export const failingUpstreamHistory = z.strictObject({
  instances: z.array(instanceThatMet),
  /** Milliseconds that the lab waited for the end of a call. */
  boundMs: z.number().nonnegative(),
});
export type FailingUpstreamHistory = z.infer<typeof failingUpstreamHistory>;
