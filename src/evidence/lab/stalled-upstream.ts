import * as z from 'zod';
import { callRecord, httpRecord, listRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** `before`: while nothing was wrong; `meanwhile`: while the call hung. */
const when = z.enum(['before', 'meanwhile']);

/**
 * - `before`: with the baseline's arguments, while nothing was wrong. Missing if the tool has no other arguments
 * - `hanging`: with arguments that no cache holds, while the upstream hangs. The last one counts: the others needed no upstream
 * - `repeated-before`, `repeated-meanwhile`: the first call again, by another client
 */
const hangingCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['before', 'repeated-before', 'hanging', 'repeated-meanwhile']),
});

/** A call was made whose upstream accepts the request and never finishes. Other clients sent other requests meanwhile. */
export const stalledUpstreamHistory = z.strictObject({
  launch: launchFacts,
  calls: z.array(hangingCall),
  /** GET on the health path, if there is one. */
  requests: z.array(z.strictObject({ ...httpRecord.shape, when })),
  lists: z.array(z.strictObject({ ...listRecord.shape, when })),
  gateway: gatewayRecord,
  /** Milliseconds that the lab waited for the end of the call. */
  boundMs: z.number().nonnegative(),
  /** Milliseconds by which the auditor's own timers were late at most while the call hung. */
  auditorDelayMs: z.number().nonnegative(),
});
export type StalledUpstreamHistory = z.infer<typeof stalledUpstreamHistory>;
