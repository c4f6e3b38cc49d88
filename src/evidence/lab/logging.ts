import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/**
 * - `plain`: arguments that were not used before
 * - `forgery`: one argument ends its field and its line, and begins another line
 * - `failure`: it cannot succeed
 */
export const loggedCall = callRecord.extend({
  purpose: z.enum(['plain', 'forgery', 'failure']),
  /** Sent as `x-request-id`, and without dashes as the trace id of `traceparent` (W3C Trace Context). */
  requestId: z.string(),
  /** The lab watched the output until then, and did nothing else. */
  watchedMs: atMs,
});
export type LoggedCall = z.infer<typeof loggedCall>;

/** What the server wrote while it was called. */
export const loggingHistory = z.strictObject({
  launch: launchFacts,
  /** Before the first request that counts. Earlier lines belong to the start. */
  servingMs: atMs,
  /** A client was connected and sent nothing: lines of this time also come without a call. */
  quiet: z.strictObject({ fromMs: atMs, untilMs: atMs }),
  /** When the server got SIGTERM. */
  stoppedMs: atMs,
  /** In the order of sending. */
  calls: z.array(loggedCall),
  /** The forged argument; null: the tool takes no free text. */
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
