import { EventEmitter } from 'node:events';
import type { WeatherErrorReason } from './weather/errors.ts';

/**
 * An HTTP request that is over.
 *
 * `durationMs` is exact in all events, and so is the place where they are emitted: `currentScope()` is the work that an event
 * tells of, or, for steps of it such as a call to the weather service, the work they were done for.
 */
export interface RequestEvent {
  method: string;
  /** The registered path: what was really asked for may be long, or hold a secret in its query. */
  route: string;
  status: number;
  durationMs: number;
  /** The client left before the answer was out. */
  abandoned: boolean;
  /** A probe, of interest only when it fails. */
  quiet: boolean;
  /** It was open for as long as its client liked. */
  stream?: boolean;
  /** Fingerprint or address, never a credential. */
  client?: string;
  /** What was wrong with a request that is no proper HTTP, in Node's words. */
  code?: string;
  /** In MCP's terms: `tools/call` and the tool's name. */
  rpcMethod?: string;
  rpcName?: string;
}

export type CallOutcome = 'ok' | 'invalid-input' | 'defect' | WeatherErrorReason;

/** A tool call that is over. */
export interface ToolCallEvent {
  tool: string;
  outcome: CallOutcome;
  durationMs: number;
  /** The arguments that the tool declares safe to log. */
  input?: Record<string, unknown>;
  /** What was wrong with the arguments. */
  problems?: string[];
  /** The defect. For the log only. */
  error?: unknown;
}

/** A resource that was read, or not. */
export interface ResourceReadEvent {
  resource: string;
  outcome: CallOutcome;
  durationMs: number;
  /** What in the URI may be logged. */
  input?: Record<string, unknown>;
}

/** One attempt to get an answer from the weather service. */
export interface UpstreamCallEvent {
  /** Host and path, without the query, which may hold the key. */
  operation: string;
  outcome: 'ok' | WeatherErrorReason;
  durationMs: number;
  status?: number;
  /** The system's or the HTTP client's word for what went wrong. */
  code?: string;
  /** Another attempt follows after this many ms. */
  retryInMs?: number;
}

/** The circuit breaker before the weather service opened (calls fail at once) or closed again. */
export interface CircuitEvent {
  upstream: string;
  open: boolean;
}

export interface CacheReadEvent {
  cache: string;
  /** `coalesced`: joined an equal question that was still open. */
  result: 'hit' | 'miss' | 'coalesced';
}

export interface RateLimitEvent {
  client: string;
  /** How many messages it is about: more than one where they came in an array. */
  messages: number;
  allowed: boolean;
}

/** A stream that stays open for as long as its client likes was opened or ended. */
export interface StreamEvent {
  kind: 'listen' | 'sse';
  open: boolean;
}

/** Requests began to be refused because there is more to do than the process can, or that is over. */
export interface OverloadEvent {
  overloaded: boolean;
  /** How many have been refused since it began. */
  refused: number;
}

/** A message that the protocol layer refused. */
export interface MessageRefusedEvent {
  reason: string;
}

/** What keeps limits and answers became unavailable (the server goes on with its own memory) or available again. */
export interface StoreEvent {
  available: boolean;
  /** The system's or the client library's word for what went wrong. */
  code?: string;
}

/** Everything that operators may want to know of. Who wants to act on it subscribes in observers.ts. */
export interface ServerEvents {
  request: [RequestEvent];
  toolCall: [ToolCallEvent];
  resourceRead: [ResourceReadEvent];
  upstreamCall: [UpstreamCallEvent];
  circuit: [CircuitEvent];
  cacheRead: [CacheReadEvent];
  rateLimit: [RateLimitEvent];
  stream: [StreamEvent];
  overload: [OverloadEvent];
  messageRefused: [MessageRefusedEvent];
  store: [StoreEvent];
}

export type Events = EventEmitter<ServerEvents>;

export function createEvents(): Events {
  return new EventEmitter<ServerEvents>();
}
