import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord, UpstreamRequest } from '../../../evidence/lab/gateway.ts';

const quotedCharacters = 120;

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

export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > quotedCharacters ? `${line.slice(0, quotedCharacters)}…` : line);
}

/** The arguments of a call, for "with …". */
export const argumentsOf = ({ arguments: given }: CallRecord): string => {
  const text = JSON.stringify(given);
  return text.length > quotedCharacters ? `${text.slice(0, quotedCharacters)}…` : text;
};

export { count as counted } from '../../../text/counts.ts';
