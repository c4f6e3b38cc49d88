import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { AccessProbe, McpReply, WireEvidence } from '../../../evidence/wire.ts';
import { milliseconds } from '../../../text/durations.ts';

/** The exchange with this id. Evidence that refers to one that was never recorded is broken. */
export function exchangeOf(wire: WireEvidence, id: string): Exchange {
  const found = wire.exchanges.find((exchange) => exchange.id === id);
  if (!found) throw new RangeError(`The evidence has no exchange ${id}.`);
  return found;
}

/** The answer of the exchange with this id, or undefined when none came. */
export function answerOf(wire: WireEvidence, id: string): Answer | undefined {
  const { outcome } = exchangeOf(wire, id);
  return outcome.kind === 'answer' ? outcome : undefined;
}

/** "POST /mcp" */
export function requestLine(exchange: Exchange): string {
  return `${exchange.request.method} ${new URL(exchange.request.url).pathname}`;
}

/** "POST /mcp → 401 in 4 ms", or what came instead of an answer. */
export function summary(exchange: Exchange): string {
  const { outcome } = exchange;
  const came = outcome.kind === 'answer' ? `${outcome.status}` : `no answer (${failureText[outcome.reason]})`;
  return `${requestLine(exchange)} → ${came} in ${milliseconds(exchange.durationMs)}`;
}

const failureText = {
  refused: 'connection refused',
  unreachable: 'network unreachable',
  'unknown-host': 'unknown host',
  reset: 'connection closed',
  timeout: 'timed out',
  tls: 'TLS failure',
  protocol: 'not HTTP',
  budget: 'out of time',
  blocked: 'not sent: it leaves the origin',
} as const;

/**
 * What the answer to an operation says about access.
 * `granted`: MCP was served; `refused`: 401 or 403; `unclear`: anything else (an unknown path, an overload, no answer).
 */
export type Access = 'granted' | 'refused' | 'unclear';

/** Reads what a probe says about access; see {@link Access}. */
export function accessOf(wire: WireEvidence, probe: AccessProbe): Access {
  const status = answerOf(wire, probe.exchange)?.status;
  if (status === 401 || status === 403) return 'refused';
  return isServedReply(probe.reply) ? 'granted' : 'unclear';
}

/**
 * Whether a status says "not now": too many requests, an overload, or a proxy whose server is away (RFC 6585 section 4,
 * RFC 9110 sections 15.6.3 to 15.6.5). Limiters answer so before the request reaches what is judged.
 */
export function isNotNow(status: number | undefined): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Whether the reply is what a client wants to have: MCP was served. */
export function isServedReply({ kind }: McpReply): boolean {
  return kind === 'result' || kind === 'stream' || kind === 'accepted';
}

/**
 * Why a probe that a verdict needs is not in the evidence.
 *
 * @param otherwise the reason where nothing was left out
 */
export function unsent(wire: WireEvidence, otherwise: string): string {
  const [left] = wire.omitted;
  return left ? `Not sent: ${left.reason}` : otherwise;
}

/** Whether anybody was served MCP. Where nobody was, no answer of that server says anything about an MCP server. */
export function isServed(wire: WireEvidence): boolean {
  return (
    wire.clients.some(({ outcome }) => outcome.connected) ||
    wire.endpoints.some(({ access }) => access.some((probe) => accessOf(wire, probe) === 'granted'))
  );
}
