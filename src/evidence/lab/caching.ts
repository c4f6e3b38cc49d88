import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/**
 * In this order:
 * - `first`, `repeated`: the same call, with the baseline's arguments
 * - `other`: with other arguments. A `first` or `other` call that fails is made again; the last one counts
 * - `parallel`: equal calls with arguments that no cache holds, while the upstream is slow
 * - `varied`: with one more argument changed each, or with a value that begins like the first one
 */
const answersCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['first', 'repeated', 'other', 'parallel', 'varied']),
});

/** An instance whose upstream works. */
export const answersKept = z.strictObject({
  about: z.literal('answers'),
  launch: launchFacts,
  calls: z.array(answersCall),
  gateway: gatewayRecord,
});
export type AnswersKept = z.infer<typeof answersKept>;

/**
 * In this order:
 * - `failing`: the first call of the instance, while the upstream answered 500, with the arguments of `other` if there are any
 * - `fresh`, `retried` in turn, about once a second, after the upstream was back, until a `retried` call has a result: calls
 *   with arguments that are new to this instance, those of the baseline first, and the failing call again
 */
const errorsCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['failing', 'fresh', 'retried']),
});

/** An instance whose upstream failed once. */
export const errorsKept = z.strictObject({
  about: z.literal('errors'),
  launch: launchFacts,
  calls: z.array(errorsCall),
  gateway: gatewayRecord,
});
export type ErrorsKept = z.infer<typeof errorsKept>;

/** A fresh instance whose first call has the arguments of a call that another instance answered without a new upstream request. */
export const coldKept = z.strictObject({
  about: z.literal('cold'),
  launch: launchFacts,
  calls: z.array(z.strictObject({ ...callRecord.shape, role: z.literal('cold') })),
  gateway: gatewayRecord,
});
export type ColdKept = z.infer<typeof coldKept>;

/** Calls were repeated and varied. The gateway's records show what reached the upstream. */
export const cachingHistory = z.strictObject({
  instances: z.tuple([answersKept, errorsKept], coldKept),
});
export type CachingHistory = z.infer<typeof cachingHistory>;
