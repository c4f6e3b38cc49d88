import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/**
 * One after the other:
 * - `first`, `repeated` twice: the same call, with the baseline's arguments
 * - `other`: with other arguments. Of it and the first, the last counts: they are made again when they fail
 * - `parallel`, three times: equal calls with arguments that no cache has seen, side by side, while the upstream is slow
 */
const answersCall = z.strictObject({
  ...callRecord.shape,
  role: z.enum(['first', 'repeated', 'other', 'parallel']),
});

/** An instance whose upstream answers. */
export const answersKept = z.strictObject({
  about: z.literal('answers'),
  launch: launchFacts,
  calls: z.array(answersCall),
  gateway: gatewayRecord,
});
export type AnswersKept = z.infer<typeof answersKept>;

/**
 * One after the other:
 * - `failing`: the first call of the instance, while the upstream answered 500. Its arguments are those of the other
 *   instance's `other`, where the tool has such
 * - the upstream was back. `fresh` and `retried` in turn, about once a second, until a `retried` had a result: calls with
 *   arguments that this instance has not seen, those of the baseline first, and the failing call once more
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

/** Calls were repeated and varied, and what reached the upstream was counted. */
export const cachingHistory = z.strictObject({
  instances: z.tuple([answersKept, errorsKept]),
});
export type CachingHistory = z.infer<typeof cachingHistory>;
