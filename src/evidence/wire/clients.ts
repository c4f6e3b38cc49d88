import * as z from 'zod';
import { failureReason } from '../exchange.ts';
import { era, transport, webUrl } from './mcp.ts';

const toolFacts = z.strictObject({
  name: z.string(),
  /** The server annotates it as read-only, and not as destructive. */
  readOnly: z.boolean(),
  /** Null: it was larger than 16 KiB. */
  inputSchema: z.unknown(),
});
export type ToolFacts = z.infer<typeof toolFacts>;

const clientConnected = z.strictObject({
  connected: z.literal(true),
  server: z.strictObject({ name: z.string(), version: z.string() }),
  /** The negotiated protocol revision. */
  revision: z.string(),
  /** Every revision that the server lists (`server/discover`). */
  revisions: z.array(z.string()),
  capabilities: z.array(z.string()),
  tools: z.array(toolFacts),
  /** Why the connected client could not list the tools. */
  toolsFailure: z.exactOptional(z.string()),
});
export type ClientConnected = z.infer<typeof clientConnected>;

const clientRejected = z.strictObject({
  connected: z.literal(false),
  /**
   * - `http`: a status that ends the attempt
   * - `not-mcp`: a response that is not an MCP message
   * - `mcp-error`: an MCP error, or a result that this client cannot use, such as another revision
   * - any other: why no response came
   */
  reason: z.enum([...failureReason.options, 'http', 'not-mcp', 'mcp-error']),
  status: z.exactOptional(z.int()),
  message: z.string(),
});
export type ClientRejected = z.infer<typeof clientRejected>;

/** An official client tried to connect, as a host would. */
export const clientAttempt = z.strictObject({
  /** `sdk-v1` is `@modelcontextprotocol/sdk`, `sdk-v2` is `@modelcontextprotocol/client`. */
  client: z.enum(['sdk-v1', 'sdk-v2']),
  transport,
  /** Without a connection: the newest era that the client offers. */
  era,
  /** It offers every revision and falls back by itself, as a host does. Absent: it offers one era only. */
  negotiates: z.exactOptional(z.literal(true)),
  url: webUrl,
  outcome: z.discriminatedUnion('connected', [clientConnected, clientRejected]),
  exchanges: z.array(z.string()),
});
export type ClientAttempt = z.infer<typeof clientAttempt>;
