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

/** `nobody`: the host is listed but the path is not, or the real upstream could not be reached. */
export const answeredBy = z.enum(['canned', 'upstream', 'fault', 'nobody']);
export type AnsweredBy = z.infer<typeof answeredBy>;

/**
 * - `answered`: to the last byte
 * - `given-up`: the server closed the connection first, by a timeout of its own
 * - `cut`: the gateway closed the connection, because of the fault or at the end of the experiment
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
  /** Equal for requests of one run with equal method, URL, query and body. Nothing can be read from it. */
  fingerprint: z.exactOptional(z.string()),
  /** The values in the query and the body by their names, as digests of one run: equal for equal values. */
  parts: z.exactOptional(z.array(z.strictObject({ name: z.string(), digest: z.string() }))),
  fault: faultName,
  /** Where each canary was: "header authorization", "query appid", "path", "body". */
  canaries: z.array(z.strictObject({ name: z.string(), where: z.string() })),
  outcome: upstreamOutcome,
});
export type UpstreamRequest = z.infer<typeof upstreamRequest>;

/** What the gateway recorded. Evidence from before it recorded its delays gets those that applied then. */
export const gatewayRecord = z.strictObject({
  requests: z.array(upstreamRequest),
  /** Requests beyond those that were recorded. */
  moreRequests: z.int(),
  /** When each fault began to apply. */
  faults: z.array(z.strictObject({ atMs, fault: faultName })),
  /** Milliseconds by which `slow` delays an answer. */
  slowMs: atMs.default(1_500),
  /** Milliseconds between two bytes of `drip`. */
  dripMs: atMs.default(900),
  /** Connections that failed: the server did not trust the certificate, or did not speak HTTP. */
  failedConnections: z.array(z.strictObject({ atMs, host: z.string().nullable(), reason: z.string() })),
});
export type GatewayRecord = z.infer<typeof gatewayRecord>;
