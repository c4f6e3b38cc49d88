import * as z from 'zod';
import { callRecord, httpRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts, pid } from './launch.ts';

/**
 * - `ended`: the body came to its proper end
 * - `broken`: the connection went before that
 * - `open`: it was still open when the experiment was over
 */
export const streamEnd = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ended'), atMs }),
  z.strictObject({ kind: z.literal('broken'), atMs, message: z.string() }),
  z.strictObject({ kind: z.literal('open') }),
]);
export type StreamEnd = z.infer<typeof streamEnd>;

/** An event stream that a client held open. */
export const streamRecord = z.strictObject({
  /** In MCP's words: "subscriptions/listen", "GET /mcp". */
  request: z.string(),
  openedMs: atMs,
  end: streamEnd,
});
export type StreamRecord = z.infer<typeof streamRecord>;

/** What was left of the server at a time. */
export const remains = z.strictObject({
  atMs,
  processes: z.array(pid),
  /** Whether its port accepted a connection. */
  accepts: z.boolean(),
});
export type Remains = z.infer<typeof remains>;

/** SIGTERM to the start command, with a call in flight, a stream open and a connection idle. */
export const shutdownHistory = z.strictObject({
  launch: launchFacts,
  /** The call in flight, if there was one. */
  calls: z.array(callRecord),
  /** Why no call was in flight; null if one was. */
  notHeld: z.string().nullable(),
  /** The first request of a new client: once before the signal, then repeatedly until it was refused or the command exited. */
  requests: z.array(httpRecord),
  /** Milliseconds between two of them at most, while the call was in flight. */
  requestsEveryMs: atMs.default(400),
  gateway: gatewayRecord,
  /** Null: the server opened none. */
  stream: streamRecord.nullable(),
  /** A connection that stayed open after its response; null: there was none. `closedMs` is when the server closed it. */
  idleConnection: z.strictObject({ openedMs: atMs, closedMs: atMs.nullable() }).nullable(),
  signalMs: atMs,
  /** When the command exited, or the time was up. */
  waitedUntilMs: atMs,
  /** What was left at that time. */
  left: remains,
  /** What was left a while later. */
  leftAfterwards: remains,
});
export type ShutdownHistory = z.infer<typeof shutdownHistory>;
