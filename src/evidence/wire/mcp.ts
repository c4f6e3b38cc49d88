import * as z from 'zod';

export const webUrl = z.url({ protocol: /^https?$/ });

export const transport = z.enum(['streamable-http', 'sse']);
export type Transport = z.infer<typeof transport>;

/** `legacy`: revisions up to 2025-11-25, opened by `initialize`. `modern`: 2026-07-28 and later. */
export const era = z.enum(['legacy', 'modern']);
export type Era = z.infer<typeof era>;

/**
 * What a response says in MCP terms.
 * - `result`: a JSON-RPC result; `stream`: an event stream was opened; `accepted`: 202
 * - `error`: a JSON-RPC error with this code, under any status
 * - `other`: a response that is not an MCP message; `none`: no response
 */
export const mcpReply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('result') }),
  z.strictObject({ kind: z.literal('stream') }),
  z.strictObject({ kind: z.literal('accepted') }),
  z.strictObject({ kind: z.literal('error'), code: z.number(), message: z.string() }),
  z.strictObject({ kind: z.literal('other') }),
  z.strictObject({ kind: z.literal('none') }),
]);
export type McpReply = z.infer<typeof mcpReply>;

/** One MCP request: the exchange that recorded it, and the reply. */
export const mcpProbe = z.strictObject({ exchange: z.string(), reply: mcpReply });
