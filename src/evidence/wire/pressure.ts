import * as z from 'zod';
import { credential } from '../exchange.ts';
import { mcpProbe } from './mcp.ts';

const forwardingHeader = z.enum(['x-forwarded-for', 'x-real-ip', 'forwarded']);
export type ForwardingHeader = z.infer<typeof forwardingHeader>;

const burstLimit = mcpProbe.extend({
  /** Responses to this credential in the whole pass until then. */
  after: z.int(),
  /** Responses to all credentials in the whole pass until then. */
  afterAll: z.int(),
  /** `Retry-After` (RFC 9110 section 10.2.3). Null: there is none, or it is unreadable. */
  retryAfterSeconds: z.number().nullable(),
});
export type BurstLimit = z.infer<typeof burstLimit>;

const burstFollowUp = mcpProbe.extend({
  /**
   * - `second-client`: a request by another client
   * - `first-client`: a request by the limited client, right after the other was served
   * - `forged-address`: the same client with a made-up forwarding header, with another value each time
   * - `unforged`: the same client without that header, at the end of a series of forged ones
   * - `recovered`: the same client, after the wait that the server asked for
   */
  kind: z.enum(['second-client', 'first-client', 'forged-address', 'unforged', 'recovered']),
  /** The forged header. */
  header: z.exactOptional(forwardingHeader),
  /** The sender's address, where it was not the usual one. */
  from: z.exactOptional(z.string()),
  /** Milliseconds of waiting before it was sent. */
  waitedMs: z.number(),
  /** The wait passed on the server's clock only: the lab moved that clock. */
  clock: z.exactOptional(z.literal('simulated')),
});
export type BurstFollowUp = z.infer<typeof burstFollowUp>;

/** Cheap requests until the server limited them, at most 120, and what followed. */
export const burstEvidence = z.strictObject({
  /** The request in MCP's words: "tools/list", "ping". */
  request: z.string(),
  credential,
  sent: z.int(),
  /** How many of them were served. */
  served: z.int(),
  /** From sending the first to the end of the last response. */
  durationMs: z.number(),
  /** How many of them were sent one after the other, before the rest ten at a time. Absent in older evidence: one. */
  inTurn: z.exactOptional(z.int()),
  /** It began again after a limit had ended, so it met a whole window. */
  restarted: z.exactOptional(z.literal(true)),
  /** The first request of the burst. */
  first: z.string(),
  /** The first response that states a limit: 429 (RFC 6585 section 4), or a JSON-RPC error with that meaning. */
  limited: burstLimit.nullable(),
  /** The first, at most three, that were neither served nor limited: other refusals, 5xx, no response. */
  failures: z.array(z.string()),
  /** What was sent after the limit, in order. */
  followUps: z.array(burstFollowUp),
});
export type BurstEvidence = z.infer<typeof burstEvidence>;

/** `reply` is that of a single request, or the first in the array. */
const arrayStep = mcpProbe.extend({
  /** Requests in the array. Null: a single request without an array. */
  length: z.int().nullable(),
  /** How many of them got a result. */
  results: z.int(),
  /** How many of them got an error that states a limit. */
  limited: z.int(),
});
export type ArrayStep = z.infer<typeof arrayStep>;

/** JSON-RPC arrays of cheap requests (MCP 2025-03-26, "Sending Messages to the Server"), and single requests to compare. */
export const arraysEvidence = z.strictObject({
  /** The request in MCP's words: "tools/list", "ping". */
  request: z.string(),
  /** The protocol revision of the session. */
  revision: z.string(),
  /** The exchange before them, in the same session. Null: there is no session. */
  before: z.string().nullable(),
  /** Before the burst, in order: a small array, and a single request. */
  few: z.array(arrayStep),
  /** After the burst's limit was over, in order: arrays that together exceed it, and a single request. Null: not sent. */
  many: z.array(arrayStep).nullable(),
});
export type ArraysEvidence = z.infer<typeof arraysEvidence>;

/** Streams that the audit held open side by side. */
export const streamsEvidence = z.strictObject({
  /** What opened them, in MCP's words: "subscriptions/listen", "GET /sse". */
  request: z.string(),
  wanted: z.int(),
  opened: z.int(),
  /** How many were still open after the response to the call. */
  stayed: z.int(),
  /** The first stream. */
  first: z.string().nullable(),
  /** The call that was made while they were open. */
  call: mcpProbe.nullable(),
  /** The same call after they were closed. It is made only where the first was not served. */
  callAfterwards: mcpProbe.nullable(),
  /** The first that could not be opened. */
  refused: z.string().nullable(),
});
export type StreamsEvidence = z.infer<typeof streamsEvidence>;
