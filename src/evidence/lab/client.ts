import * as z from 'zod';
import { atMs } from './launch.ts';

export const connectionFacts = z.strictObject({
  /** Null: over stdio. */
  url: z.string().nullable(),
  era: z.enum(['legacy', 'modern']),
  revision: z.string(),
  server: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  tools: z.array(z.string()),
});
export type ConnectionFacts = z.infer<typeof connectionFacts>;

export const chosenTool = z.strictObject({
  chosen: z.literal(true),
  name: z.string(),
  /** Masked. */
  arguments: z.record(z.string(), z.unknown()),
  /** `configured`, or made from the tool's schema. */
  source: z.enum(['configured', 'schema']),
});
export type ChosenTool = z.infer<typeof chosenTool>;

export const noTool = z.strictObject({ chosen: z.literal(false), reason: z.string() });
export type NoTool = z.infer<typeof noTool>;

/** What else an error says, masked: its data, its structured content, or the body of its response. */
const detail = z.exactOptional(z.string());

/**
 * - `result`: a result, `isError` as the tool says
 * - `protocol-error`: a JSON-RPC error
 * - `http-error`: a status that is no answer to a call
 * - `no-answer`: the connection broke, or nothing came until our own bound
 */
export const callOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result'), isError: z.boolean(), text: z.string(), detail }),
  z.strictObject({ kind: z.literal('protocol-error'), code: z.number(), message: z.string(), detail }),
  z.strictObject({ kind: z.literal('http-error'), status: z.int(), message: z.string(), detail }),
  z.strictObject({ kind: z.literal('no-answer'), timedOut: z.boolean(), message: z.string() }),
]);
export type CallOutcome = z.infer<typeof callOutcome>;

/** One tool call by an official client. */
export const callRecord = z.strictObject({
  tool: z.string(),
  /** Masked. */
  arguments: z.record(z.string(), z.unknown()),
  sentMs: atMs,
  endedMs: atMs,
  outcome: callOutcome,
  /** The canaries in the whole response. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type CallRecord = z.infer<typeof callRecord>;

/** tools/list by an official client. */
export const listRecord = z.strictObject({
  sentMs: atMs,
  endedMs: atMs,
  /** How many tools were listed; null: none were. */
  tools: z.int().nullable(),
  /** Why none were listed. */
  problem: z.exactOptional(z.string()),
});
export type ListRecord = z.infer<typeof listRecord>;

/** One plain HTTP request: a health poll, a request while the server drains. */
export const httpRecord = z.strictObject({
  method: z.string(),
  path: z.string(),
  sentMs: atMs,
  endedMs: atMs,
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answer'),
      status: z.int(),
      /** Lower-case names. */
      headers: z.record(z.string(), z.string()),
      /** The beginning of it. */
      body: z.string(),
    }),
    /** `reason` as in `FailureReason` of exchanges: "refused", "reset", "timeout". */
    z.strictObject({ kind: z.literal('failure'), reason: z.string(), message: z.string() }),
  ]),
  /** The canaries in the response. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type HttpRecord = z.infer<typeof httpRecord>;
