import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/**
 * - `plain`: arguments that nobody has asked for
 * - `forgery`: one argument ends its own field and its line, and begins a line of its own
 * - `failure`: it cannot succeed
 */
export const loggedCall = callRecord.extend({
  purpose: z.enum(['plain', 'forgery', 'failure']),
  /** Went with it as `x-request-id`, and without its dashes as the trace id of `traceparent` (W3C Trace Context). */
  requestId: z.string(),
  /** The output was watched until then, before anything else was done. */
  watchedMs: atMs,
});
export type LoggedCall = z.infer<typeof loggedCall>;

/** What the server wrote while it was called. */
export const loggingHistory = z.strictObject({
  launch: launchFacts,
  /** Before the first request that counts: what is written earlier belongs to the start. */
  servingMs: atMs,
  /** A client was connected and sent nothing, so that what was written comes without a call as well. */
  quiet: z.strictObject({ fromMs: atMs, untilMs: atMs }),
  /** When it was asked to end. */
  stoppedMs: atMs,
  /** In the order of sending. */
  calls: z.array(loggedCall),
  /** What stood in the argument; null: the tool takes no free text. */
  forgery: z
    .strictObject({
      argument: z.string(),
      /** The whole line that begins after the newline: a JSON object of which `marker` is the message. */
      line: z.string(),
      marker: z.string(),
    })
    .nullable(),
  /** How the last call was made to fail: the upstream reset its connections, or the schema forbids the arguments. */
  failedBy: z.enum(['reset', 'arguments']).nullable(),
  gateway: gatewayRecord,
});
export type LoggingHistory = z.infer<typeof loggingHistory>;
