import * as z from 'zod';
import { atMs } from './launch.ts';

/** `slow`: as `pass`, after a delay. The others are what goes wrong upstream. */
export const faultName = z.enum([
  'pass',
  'slow',
  'stall',
  'drip',
  'reset',
  'refuse',
  'server-error',
  'too-many-requests',
]);
export type FaultName = z.infer<typeof faultName>;

/** `nobody`: the host is listed but this path is not, or the real upstream could not be reached. */
export const answeredBy = z.enum(['canned', 'upstream', 'fault', 'nobody']);
export type AnsweredBy = z.infer<typeof answeredBy>;

/**
 * - `answered`: to the last byte; `by` tells whether a canned answer, the real upstream or the fault spoke
 * - `given-up`: the server closed the connection first: that is the server's own limit
 * - `cut`: the gateway closed it, because the fault says so, or because the experiment was over
 */
export const upstreamOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answered'), afterMs: atMs, status: z.int(), by: answeredBy }),
  z.strictObject({ kind: z.literal('given-up'), afterMs: atMs }),
  z.strictObject({ kind: z.literal('cut'), afterMs: atMs }),
  z.strictObject({ kind: z.literal('open') }),
]);
export type UpstreamOutcome = z.infer<typeof upstreamOutcome>;

export const upstreamRequest = z.strictObject({
  atMs,
  scheme: z.enum(['http', 'https']),
  method: z.string(),
  /** With the port when it is not the scheme's own. */
  host: z.string(),
  /** Without the query, which may hold a key. */
  path: z.string(),
  /** The same for requests of one run with equal method, URL and body, query included; nothing can be read from it. */
  fingerprint: z.exactOptional(z.string()),
  fault: faultName,
  /** Where which canary was: "header authorization", "query appid", "path", "body". */
  canaries: z.array(z.strictObject({ name: z.string(), where: z.string() })),
  outcome: upstreamOutcome,
});
export type UpstreamRequest = z.infer<typeof upstreamRequest>;

/**
 * What came by at the gateway, and how it treated that. Evidence that was saved before these numbers were recorded has the ones
 * that were in force then.
 */
export const gatewayRecord = z.strictObject({
  requests: z.array(upstreamRequest),
  /** Requests beyond those that were recorded. */
  moreRequests: z.int(),
  /** When which fault was in force. */
  faults: z.array(z.strictObject({ atMs, fault: faultName })),
  /** Milliseconds by which `slow` delays an answer. */
  slowMs: atMs.default(1_500),
  /** Milliseconds between two bytes of `drip`. */
  dripMs: atMs.default(900),
  /** Connections that came to nothing: the server did not trust the certificate, or spoke no HTTP. */
  failedConnections: z.array(z.strictObject({ atMs, host: z.string().nullable(), reason: z.string() })),
});
export type GatewayRecord = z.infer<typeof gatewayRecord>;
