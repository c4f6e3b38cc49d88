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

/** A text that ends its field and its line, and begins another line. */
export const forgery = z.strictObject({
  /** The argument that carried it, by its path: "city", "place.city", "cities[]". */
  argument: z.string(),
  /** As the schema says, in place of a value of another type, or as the name and the value of an argument that the schema lacks. */
  by: z.enum(['text', 'other-type', 'unknown-argument']),
  /** Whether the schema allows the text. A server refuses others before it logs them, or after. */
  allowed: z.boolean(),
  text: z.string(),
  /** The line that begins after the newline. Empty: the schema allows no newline. */
  line: z.string(),
  /** The message of that line, if it is a JSON object. In a short text, a part of the line. */
  marker: z.string(),
});
export type Forgery = z.infer<typeof forgery>;

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
  /** In the order of the calls with the purpose `forgery`. */
  forgeries: z.array(forgery).default([]),
  /** Older evidence: the one argument that was tried, whatever its schema allows. */
  forgery: z.exactOptional(forgery.pick({ argument: true, line: true, marker: true }).nullable()),
  /** How the last call was made to fail: the upstream reset its connections, or the schema forbids the arguments. */
  failedBy: z.enum(['reset', 'arguments']).nullable(),
  gateway: gatewayRecord,
});
export type LoggingHistory = z.infer<typeof loggingHistory>;
