import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord, UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import { cut, quoted } from '../../../text/printable.ts';

/** What reached the upstream while a call, or several, ran. */
export function requestsDuring(
  { requests }: GatewayRecord,
  ...calls: readonly CallRecord[]
): UpstreamRequest[] {
  const from = Math.min(...calls.map(({ sentMs }) => sentMs));
  const to = Math.max(...calls.map(({ endedMs }) => endedMs));
  return requests.filter(({ atMs }) => atMs >= from && atMs <= to);
}

/** A result that is not marked as an error. */
export const succeeded = ({ outcome }: CallRecord): boolean => outcome.kind === 'result' && !outcome.isError;

export const tookMs = ({ sentMs, endedMs }: { sentMs: number; endedMs: number }): number => endedMs - sentMs;

/** How a call ended, for "it ended …". */
export function endOf({ outcome }: CallRecord): string {
  switch (outcome.kind) {
    case 'result':
      return `in ${outcome.isError ? 'an error of the tool' : 'a result'} (${quoted(outcome.text)})`;
    case 'protocol-error':
      return `in a JSON-RPC error (${quoted(outcome.message)})`;
    case 'http-error':
      return `with HTTP ${outcome.status}`;
    case 'no-answer':
      return `without an answer (${quoted(outcome.message)})`;
  }
}

/** The arguments of a call, for "with …". */
export const argumentsOf = ({ arguments: given }: CallRecord): string => cut(JSON.stringify(given), 120);

export { count as counted } from '../../../text/counts.ts';
