import * as z from 'zod';
import { callRecord, httpRecord, listRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** `before`: while nothing was wrong; `meanwhile`: while the call hung. */
const when = z.enum(['before', 'meanwhile']);

/**
 * - `before`: with the baseline's arguments, while nothing was wrong. Missing where the tool has no other arguments
 * - `hanging`: with arguments that no cache has seen, while the upstream hangs. The last of them counts: those before were
 *   answered without the upstream
 * - `repeated-before`, `repeated-meanwhile`: the one before once more, by another client
 */
const hangingCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['before', 'repeated-before', 'hanging', 'repeated-meanwhile']),
});

/** A call was made whose upstream takes the request and comes to no end; meanwhile others asked for other things. */
export const stalledUpstreamHistory = z.strictObject({
  launch: launchFacts,
  calls: z.array(hangingCall),
  /** GET on the health path, where there is one. */
  requests: z.array(z.strictObject({ ...httpRecord.shape, when })),
  lists: z.array(z.strictObject({ ...listRecord.shape, when })),
  gateway: gatewayRecord,
  /** Milliseconds that the end of the call was waited for. */
  boundMs: z.number().nonnegative(),
  /** Milliseconds by which the auditor's own timers were late at most, while the call hung. */
  auditorDelayMs: z.number().nonnegative(),
});
export type StalledUpstreamHistory = z.infer<typeof stalledUpstreamHistory>;
