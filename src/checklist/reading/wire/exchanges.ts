import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { AccessProbe, McpReply, WireEvidence } from '../../../evidence/wire.ts';
import { milliseconds } from '../../../text/durations.ts';
import { capitalised } from '../../../text/printable.ts';

/** The exchange with this id. Throws where the evidence has none. */
export function exchangeOf(wire: WireEvidence, id: string): Exchange {
  const found = wire.exchanges.find((exchange) => exchange.id === id);
  if (!found) throw new RangeError(`The evidence has no exchange ${id}.`);
  return found;
}

/** The response of the exchange with this id. Undefined: none came. */
export function answerOf(wire: WireEvidence, id: string): Answer | undefined {
  const { outcome } = exchangeOf(wire, id);
  return outcome.kind === 'answer' ? outcome : undefined;
}

/** "POST /mcp" */
export function requestLine(exchange: Exchange): string {
  return `${exchange.request.method} ${new URL(exchange.request.url).pathname}`;
}

/** "POST /mcp → 401 in 4 ms", or why no response came. */
export function summary(exchange: Exchange): string {
  const { outcome } = exchange;
  const result = outcome.kind === 'answer' ? outcome.status : `no response (${failureText[outcome.reason]})`;
  return `${requestLine(exchange)} → ${result} in ${milliseconds(exchange.durationMs)}`;
}

/** "A body of 5 MiB: POST /mcp → 413 in 4 ms". The name of a method ("tools/list ...") keeps its lower case. */
export const probeSummary = (exchange: Exchange): string =>
  `${/^\w+\//.test(exchange.purpose) ? exchange.purpose : capitalised(exchange.purpose)}: ${summary(exchange)}`;

const failureText = {
  refused: 'connection refused',
  unreachable: 'network unreachable',
  'unknown-host': 'unknown host',
  reset: 'connection closed',
  timeout: 'timed out',
  tls: 'TLS failure',
  protocol: 'not HTTP',
  budget: 'out of time',
  blocked: 'not sent to another origin',
} as const;

/**
 * What the response to a probe says about access.
 * `granted`: the server served MCP; `refused`: 401 or 403; `unclear`: anything else (unknown path, overload, no response).
 */
export function accessOf(wire: WireEvidence, probe: AccessProbe): 'granted' | 'refused' | 'unclear' {
  const status = answerOf(wire, probe.exchange)?.status;
  if (status === 401 || status === 403) return 'refused';
  return isServedReply(probe.reply) ? 'granted' : 'unclear';
}

/**
 * Whether a status comes from a limiter, an overload or a proxy, before the judged code runs (RFC 6585 section 4, RFC 9110
 * sections 15.6.3 to 15.6.5).
 */
export function isUnavailable(status: number | undefined): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Whether the server served MCP. */
export function isServedReply({ kind }: McpReply): boolean {
  return kind === 'result' || kind === 'stream' || kind === 'accepted';
}

/**
 * Why the evidence lacks a probe.
 *
 * @param otherwise the reason where the audit omitted none
 */
export function whyUnsent(wire: WireEvidence, otherwise: string): string {
  const [omitted] = wire.omitted;
  return omitted ? `The audit skipped this request. ${omitted.reason}` : otherwise;
}

/** The tools that official clients listed, by name. Undefined: none could list them. */
export function listedTools(wire: WireEvidence): ReadonlySet<string> | undefined {
  const lists = wire.clients.flatMap(({ outcome }) =>
    outcome.connected && outcome.toolsFailure === undefined ? [outcome.tools] : [],
  );
  return lists.length === 0 ? undefined : new Set(lists.flat().map(({ name }) => name));
}

/** Whether the server served MCP to any client. If not, its responses say nothing about an MCP server. */
export function isServed(wire: WireEvidence): boolean {
  return (
    wire.clients.some(({ outcome }) => outcome.connected) ||
    wire.endpoints.some(({ access }) => access.some((probe) => accessOf(wire, probe) === 'granted'))
  );
}
