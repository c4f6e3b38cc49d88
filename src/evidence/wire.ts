import type { Credential, Exchange, FailureReason } from './exchange.ts';

/** What could be seen of a running server from outside, in one bounded pass. */
export interface WireEvidence {
  /** The URL that the user named, without user info and with query values masked. */
  url: string;
  /** Whether the target's address is the machine's own (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
  loopback: boolean;
  /** Whether the user gave a credential to send. */
  credentialGiven: boolean;
  /** Every request and answer, in the order of sending. Everything else refers to these by id. */
  exchanges: Exchange[];
  clients: ClientAttempt[];
  endpoints: McpEndpoint[];
  health: HealthEvidence;
  /** Requests with an `Origin` or `Host` that no honest client of this server would send. */
  rebinding: RebindingProbe[];
  /** Requests that break the rules, each on a session of its own. */
  malformed: MalformedProbe[];
  /** GET without credentials on the usual paths of metrics. */
  metrics: MetricsEvidence[];
  /** How the server holds many cheap requests; null: none were sent. */
  burst: BurstEvidence | null;
  /** Whether it takes JSON-RPC arrays, and how it counts them; null: none were sent. Absent where that was not asked yet. */
  arrays?: ArraysEvidence | null;
  /** How it holds many open streams; null: none were opened. */
  streams: StreamsEvidence | null;
  /** Calls of the one tool that the user named; empty: none was named. */
  toolCalls: ToolCall[];
  /** What lists say about how long they may be kept (MCP 2026-07-28, caching). */
  cacheHints: CacheHint[];
  /** The TLS of the target; null: it is served without. */
  tls: TlsFacts | null;
  /** Authorization server metadata (RFC 8414) that the resource metadata leads to. */
  authorizationServers: AuthorizationServer[];
  /** Probes that were left out, and why: the server asked to slow down, or the budget was spent. */
  omitted: { probe: string; reason: string }[];
}

/** An official client tried to connect as a host would. */
export interface ClientAttempt {
  /** `sdk-v1` is `@modelcontextprotocol/sdk`, `sdk-v2` is `@modelcontextprotocol/client`. */
  client: 'sdk-v1' | 'sdk-v2';
  transport: Transport;
  era: Era;
  url: string;
  outcome: ClientConnected | ClientRejected;
  exchanges: string[];
}

export type Transport = 'streamable-http' | 'sse';
/** `legacy`: revisions up to 2025-11-25, opened by `initialize`. `modern`: 2026-07-28 and later. */
export type Era = 'legacy' | 'modern';

export interface ClientConnected {
  connected: true;
  server: { name: string; version: string };
  /** The protocol revision that was negotiated. */
  revision: string;
  /** Every revision that the server says it serves, when it says so (`server/discover`). */
  revisions: string[];
  capabilities: string[];
  tools: ToolFacts[];
  /** Why the tools could not be listed although the client had connected. */
  toolsFailure?: string;
}

export interface ToolFacts {
  name: string;
  /** The server says that it only reads, and does not call it destructive besides. */
  readOnly: boolean;
  /** `null` when it was larger than 16 KiB. */
  inputSchema: unknown;
}

export interface ClientRejected {
  connected: false;
  /**
   * `http`: a status that ends the attempt. `not-mcp`: an answer that is no MCP message. `mcp-error`: an MCP error, or
   * a result that this client has no use for, such as another revision. Else why no answer came.
   */
  reason: FailureReason | 'http' | 'not-mcp' | 'mcp-error';
  status?: number;
  message: string;
}

/** A URL that speaks MCP, or that answered as a guarded MCP endpoint does. */
export interface McpEndpoint {
  url: string;
  transport: Transport;
  access: AccessProbe[];
  /** RFC 9728 protected resource metadata, when a challenge or the well-known path offered it. */
  resourceMetadata?: {
    url: string;
    exchange: string;
    /** The issuers that it names. */
    authorizationServers: string[];
  };
}

/** One operation tried with one credential. */
export interface AccessProbe {
  operation: AccessOperation;
  /** The era in whose form a POST to a Streamable HTTP endpoint was written. `list-tools` may be tried in both. */
  era?: Era;
  credential: Credential;
  exchange: string;
  reply: McpReply;
}

/**
 * - `initialize`, `discover`, `list-tools`: POST of that request to a Streamable HTTP endpoint
 * - `open-stream`: GET for the event stream (`/sse`, or the Streamable HTTP endpoint)
 * - `post-message`: POST to the message endpoint of HTTP+SSE
 */
export type AccessOperation = 'initialize' | 'discover' | 'list-tools' | 'open-stream' | 'post-message';

/**
 * What the answer says in MCP terms.
 * - `result`: a JSON-RPC result; `stream`: an event stream was opened; `accepted`: 202
 * - `error`: a JSON-RPC error with this code, whatever the status
 * - `other`: an answer that is no MCP message; `none`: no answer
 */
export type McpReply =
  | { kind: 'result' }
  | { kind: 'stream' }
  | { kind: 'accepted' }
  | { kind: 'error'; code: number; message: string }
  | { kind: 'other' }
  | { kind: 'none' };

export interface HealthEvidence {
  /** The path was named by the user or the configuration, so no other was tried. */
  named: boolean;
  /** GET without credentials on each path. */
  paths: { path: string; exchange: string }[];
  /** GET on a path that cannot exist: what this server answers to anything. */
  control: { path: string; exchange: string } | null;
  /** GET without credentials on the paths that the project's health checks name. */
  polled: { path: string; exchange: string }[];
}

export interface RebindingProbe {
  header: 'origin' | 'host';
  value: string;
  exchange: string;
  reply: McpReply;
}

export interface MalformedProbe {
  kind: 'broken-json' | 'unknown-method' | 'unsupported-version' | 'oversized-body';
  exchange: string;
  reply: McpReply;
}

/** Cheap requests until the server said that it is enough, at most 120, and what came after that. */
export interface BurstEvidence {
  /** What was sent, in MCP's words: "tools/list", "ping". */
  request: string;
  credential: Credential;
  sent: number;
  /** How many of them were answered as asked. */
  served: number;
  /** From the first to the end of the last answer. */
  durationMs: number;
  /** The first request of the burst. */
  first: string;
  /** The first refusal that says so: 429 (RFC 6585 section 4), or a JSON-RPC error with that meaning. */
  limited: BurstLimit | null;
  /** The first answers that were neither served nor a limit: other refusals, 5xx, no answer. At most three. */
  failures: string[];
  /** What followed the limit, in order. */
  followUps: BurstFollowUp[];
}

export interface BurstLimit {
  exchange: string;
  reply: McpReply;
  /** Answers that this credential got in the whole pass until then. */
  after: number;
  /** Answers that anybody got in the whole pass until then. */
  afterAll: number;
  /** What `Retry-After` asks for (RFC 9110 section 10.2.3); null when there is none that can be read. */
  retryAfterSeconds: number | null;
}

export interface BurstFollowUp {
  /**
   * - `second-client`: another client asked
   * - `first-client`: the limited one asked again, right after another had been served
   * - `forged-address`: the same client with a forwarding header that it made up, another value each time
   * - `unforged`: the same client without, at the end of a series of forged ones
   * - `recovered`: the same client, after the wait that the server had asked for
   */
  kind: 'second-client' | 'first-client' | 'forged-address' | 'unforged' | 'recovered';
  exchange: string;
  reply: McpReply;
  /** The header that was forged. */
  header?: ForwardingHeader;
  /** The address it was sent from, where that was not the usual one. */
  from?: string;
  /** Milliseconds waited before it was sent. */
  waitedMs: number;
  /** They passed on the server's clock only, which was moved. */
  clock?: 'simulated';
}

export type ForwardingHeader = 'x-forwarded-for' | 'x-real-ip' | 'forwarded';

/** JSON-RPC arrays of cheap requests (MCP 2025-03-26, "Sending Messages to the Server"), and single ones to compare with. */
export interface ArraysEvidence {
  /** What they are of, in MCP's words: "tools/list", "ping". */
  request: string;
  /** The protocol revision that they were sent in. */
  revision: string;
  /** The latest answer before them; null: there was none through which they went. */
  before: string | null;
  /** Before the burst, in order: an array of a few, and a single request. */
  few: ArrayStep[];
  /**
   * When a limit that the burst had met was over, in order: arrays that hold more requests together than the limit lets
   * through, and a single request. Null: not sent.
   */
  many: ArrayStep[] | null;
}

export interface ArrayStep {
  exchange: string;
  /** Requests in the array; null: a single request outside of one. */
  length: number | null;
  /** How many of them got a result. */
  results: number;
  /** How many of them got an error that says that there were too many. */
  limited: number;
  /** What the answer says, or the first response in it. */
  reply: McpReply;
}

/** Streams that were held open side by side. */
export interface StreamsEvidence {
  /** What opened them, in MCP's words: "subscriptions/listen", "GET /sse". */
  request: string;
  wanted: number;
  opened: number;
  /** How many the server had not ended when the call had been answered. */
  stayed: number;
  /** The first of them. */
  first: string | null;
  /** The call that was made while they were open, and what came of it. */
  call: { exchange: string; reply: McpReply } | null;
  /** The same call once they were closed, where it had not been served before. */
  callAfterwards: { exchange: string; reply: McpReply } | null;
  /** The first that could not be opened. */
  refused: string | null;
}

/** What an exposition of metrics holds (Prometheus text format 0.0.4, OpenMetrics 1.0). */
export interface MetricsEvidence {
  path: string;
  exchange: string;
  /** The metric families in it, at most 300; null when it is no such text. */
  families: MetricFamily[] | null;
}

export interface MetricFamily {
  name: string;
  /** "counter", "histogram", ...; "untyped" when nothing says so. */
  type: string;
  /** Names of the labels that its samples have. */
  labels: string[];
}

/** One call of the tool that the user named. */
export interface ToolCall {
  kind: 'good-arguments' | 'bad-arguments';
  tool: string;
  /** What was wrong with the arguments, by the schema that the server gave for the tool. */
  defect?: { argument: string; how: 'missing' | 'wrong-type' };
  exchange: string;
  /** `isError` results are results in MCP's terms, and errors in the model's. `none`: no answer to the call was read. */
  outcome: 'result' | 'error-result' | 'protocol-error' | 'none';
  /** The beginning of what the model, or the client, was told; masked. */
  text: string;
}

/** The caching hints of one result (MCP 2026-07-28, caching); null: it has none, or none of that type. */
export interface CacheHint {
  method: string;
  ttlMs: number | null;
  cacheScope: string | null;
  exchange: string;
}

/** An authorization server that RFC 9728 metadata names. */
export interface AuthorizationServer {
  issuer: string;
  /** The document that was found, else the last try; null: nothing was sent. */
  exchange: string | null;
  /** Why nothing was sent. */
  reason?: string;
}

/** What the first TLS connection to the target showed. */
export interface TlsFacts {
  /** "TLSv1.3"; null when the connection did not come about. */
  protocol: string | null;
  /** Whether the certificate was accepted. */
  authorized: boolean;
  /** Why there is no connection. */
  problem: string | null;
  /** The end of the certificate's validity, ISO 8601. */
  validTo: string | null;
}
