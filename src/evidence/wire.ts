import * as z from 'zod';
import { exchange } from './exchange.ts';
import { authorizationServer, mcpEndpoint } from './wire/access.ts';
import { clientAttempt } from './wire/clients.ts';
import { mcpProbe, webUrl } from './wire/mcp.ts';
import { arraysEvidence, burstEvidence, streamsEvidence } from './wire/pressure.ts';

export type * from './wire/access.ts';
export type * from './wire/clients.ts';
export type * from './wire/mcp.ts';
export type * from './wire/pressure.ts';

const pathProbe = z.strictObject({ path: z.string(), exchange: z.string() });

const healthEvidence = z.strictObject({
  /** The user or the configuration named the path. No other was tried. */
  named: z.boolean(),
  /** GET without credentials on each path. */
  paths: z.array(pathProbe),
  /** GET on a made-up path: how the server answers a path that it does not have. */
  control: pathProbe.nullable(),
  /** GET without credentials on the paths in the project's health checks. */
  polled: z.array(pathProbe),
});
export type HealthEvidence = z.infer<typeof healthEvidence>;

const rebindingProbe = mcpProbe.extend({
  header: z.enum(['origin', 'host']),
  value: z.string(),
});
export type RebindingProbe = z.infer<typeof rebindingProbe>;

const malformedProbe = mcpProbe.extend({
  kind: z.enum(['broken-json', 'unknown-method', 'unsupported-version', 'oversized-body']),
  /** Of an oversized body: its size, and how much the audit had sent when the response ended. Absent in older evidence. */
  body: z.exactOptional(z.strictObject({ bytes: z.int(), sentBytes: z.int() })),
});
export type MalformedProbe = z.infer<typeof malformedProbe>;

const metricFamily = z.strictObject({
  name: z.string(),
  /** "counter", "histogram", ...; "untyped" where the text has no type. */
  type: z.string(),
  /** Label names of its samples. */
  labels: z.array(z.string()),
});
export type MetricFamily = z.infer<typeof metricFamily>;

/** A response on a metrics path (Prometheus text format 0.0.4, OpenMetrics 1.0). */
const metricsEvidence = pathProbe.extend({
  /** At most 300. Null: the response is not in such a format. */
  families: z.array(metricFamily).nullable(),
});
export type MetricsEvidence = z.infer<typeof metricsEvidence>;

const toolCall = z.strictObject({
  kind: z.enum(['good-arguments', 'bad-arguments']),
  tool: z.string(),
  /** How the arguments violate the tool's schema. */
  defect: z.exactOptional(z.strictObject({ argument: z.string(), how: z.enum(['missing', 'wrong-type']) })),
  exchange: z.string(),
  /** `error-result`: a result with `isError`, which the model reads. `none`: no response to the call was read. */
  outcome: z.enum(['result', 'error-result', 'protocol-error', 'none']),
  /** The beginning of the text for the model or the client, masked. */
  text: z.string(),
});
export type ToolCall = z.infer<typeof toolCall>;

/** The caching hints of one result. Null: the result has none, or one of another type. */
const cacheHint = z.strictObject({
  method: z.string(),
  ttlMs: z.number().nullable(),
  cacheScope: z.string().nullable(),
  exchange: z.string(),
});
export type CacheHint = z.infer<typeof cacheHint>;

/** The first TLS connection to the target. */
const tlsFacts = z.strictObject({
  /** "TLSv1.3". Null: the connection failed. */
  protocol: z.string().nullable(),
  /** Whether the certificate was accepted. */
  authorized: z.boolean(),
  /** Why the connection failed. */
  problem: z.string().nullable(),
  /** The end of the certificate's validity, ISO 8601. */
  validTo: z.string().nullable(),
});
export type TlsFacts = z.infer<typeof tlsFacts>;

/** The observations of one bounded pass over a running server. */
export const wireEvidence = z.strictObject({
  /** The URL that the user named, without user info and with query values masked. */
  url: webUrl,
  /** Whether the target's address is the machine's own (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
  loopback: z.boolean(),
  /** Whether the user gave a credential to send. */
  credentialGiven: z.boolean(),
  /** Every request and response, in the order of sending. Everything else refers to these by id. */
  exchanges: z.array(exchange),
  clients: z.array(clientAttempt),
  endpoints: z.array(mcpEndpoint),
  health: healthEvidence,
  /** Requests with an `Origin` or `Host` that no honest client of this server would send. */
  rebinding: z.array(rebindingProbe),
  /** Malformed requests. */
  malformed: z.array(malformedProbe),
  /** GET without credentials on the usual metrics paths. */
  metrics: z.array(metricsEvidence),
  /** Many cheap requests. Null: none were sent. */
  burst: burstEvidence.nullable(),
  /** Null: none were sent. Absent: the evidence is older than this probe. */
  arrays: z.exactOptional(arraysEvidence.nullable()),
  /** Many open streams. Null: none were opened. */
  streams: streamsEvidence.nullable(),
  /** Calls of the one tool that the user named. Empty: no tool was named. */
  toolCalls: z.array(toolCall),
  /** How long lists may be cached, by their own hints (MCP 2026-07-28, caching). */
  cacheHints: z.array(cacheHint),
  /** The target's TLS. Null: it is served without. */
  tls: tlsFacts.nullable(),
  /** The authorization servers in the resource metadata. */
  authorizationServers: z.array(authorizationServer),
  /** Probes that were not sent, and why: the server asked to slow down, or the budget ran out. */
  omitted: z.array(z.strictObject({ probe: z.string(), reason: z.string() })),
});
export type WireEvidence = z.infer<typeof wireEvidence>;
