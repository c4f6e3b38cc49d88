import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord, UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { cut, quoted } from '../../../text/printable.ts';
import { inconclusive } from '../../row.ts';

export const noCall = inconclusive('The lab made no call.');

/** Advice where the lab needs calls with arguments that no cache knows. */
export const nameVariableTool = 'Name a tool in "tool" whose arguments can be varied.';

/** Advice where the lab needs calls that reach an upstream. */
export const nameUpstreamTool =
  'Name a tool in "tool" that calls an upstream. If the server calls none, set "upstream": false.';

/** The upstream requests that arrived between the start of the first call and the end of the last. */
export function requestsDuring(
  { requests }: GatewayRecord,
  ...calls: readonly CallRecord[]
): UpstreamRequest[] {
  const from = Math.min(...calls.map(({ sentMs }) => sentMs));
  const to = Math.max(...calls.map(({ endedMs }) => endedMs));
  return requests.filter(({ atMs }) => atMs >= from && atMs <= to);
}

/** Whether the call returned a result that is not marked as an error. */
export const succeeded = ({ outcome }: CallRecord): boolean => outcome.kind === 'result' && !outcome.isError;

export const tookMs = ({ sentMs, endedMs }: { sentMs: number; endedMs: number }): number => endedMs - sentMs;

/** How the call ended: "with a result ("12 °C")". */
export function endOf({ outcome }: Pick<CallRecord, 'outcome'>): string {
  switch (outcome.kind) {
    case 'result':
      return `with a ${outcome.isError ? 'tool error' : 'result'} (${quoted(outcome.text)})`;
    case 'protocol-error':
      return `with a JSON-RPC error (${quoted(outcome.message)})`;
    case 'http-error':
      return `with HTTP ${outcome.status}`;
    case 'no-answer':
      return `without a response (${quoted(outcome.message)})`;
  }
}

/** The end of a call without what differs from one call to the next: numbers, ids. Equal for equal ends. */
export function comparableEnd(call: Pick<CallRecord, 'outcome'>): string {
  return endOf(call).replace(/[\w-]+/g, (word) => (/\d/.test(word) ? '#' : word));
}

/** The arguments of a call as JSON. */
export const argumentsOf = (call: CallRecord): string => cut(JSON.stringify(call.arguments), 120);
