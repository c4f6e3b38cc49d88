import * as z from 'zod';
import { credential } from '../exchange.ts';
import { era, mcpProbe, transport, webUrl } from './mcp.ts';

/**
 * - `initialize`, `discover`, `list-tools`: POST of that request to a Streamable HTTP endpoint
 * - `open-stream`: GET for the event stream (`/sse`, or the Streamable HTTP endpoint)
 * - `post-message`: POST to the message endpoint of HTTP+SSE
 */
const accessOperation = z.enum(['initialize', 'discover', 'list-tools', 'open-stream', 'post-message']);
export type AccessOperation = z.infer<typeof accessOperation>;

/** One operation, tried with one credential. */
const accessProbe = mcpProbe.extend({
  operation: accessOperation,
  /** The era whose form a POST to a Streamable HTTP endpoint had. `list-tools` may be tried in both. */
  era: z.exactOptional(era),
  credential,
  /** The wrong token was the beginning of the right one, or the right one with more characters: their lengths. */
  derived: z.exactOptional(z.strictObject({ characters: z.int(), of: z.int() })),
});
export type AccessProbe = z.infer<typeof accessProbe>;

/** A URL that speaks MCP, or that answered as a protected MCP endpoint does. */
export const mcpEndpoint = z.strictObject({
  url: webUrl,
  transport,
  access: z.array(accessProbe),
  /** The server refused a made-up credential, so a derived one was due. Absent in older evidence. */
  derivedDue: z.exactOptional(z.literal(true)),
  /** RFC 9728 protected resource metadata, from a challenge or the well-known path. The servers are the issuers it names. */
  resourceMetadata: z.exactOptional(
    z.strictObject({ url: z.string(), exchange: z.string(), authorizationServers: z.array(z.string()) }),
  ),
});
export type McpEndpoint = z.infer<typeof mcpEndpoint>;

/** An authorization server that RFC 9728 metadata names, and its own metadata (RFC 8414). */
export const authorizationServer = z.strictObject({
  issuer: z.string(),
  /** The request that found the metadata, or the last that failed. Null: nothing was sent. */
  exchange: z.string().nullable(),
  /** Why nothing was sent. */
  reason: z.exactOptional(z.string()),
});
export type AuthorizationServer = z.infer<typeof authorizationServer>;
