import type { CallOutcome, HttpRecord } from '../../../evidence/lab/client.ts';
import { cut } from '../../../text/printable.ts';

/** Whether the server served a JSON-RPC request: a 2xx status, and no JSON-RPC error in the body. */
export function isServed({ outcome }: HttpRecord): boolean {
  if (outcome.kind !== 'answer' || outcome.status < 200 || outcome.status > 299) return false;
  return !isRpcError(outcome.body);
}

/** Whether the body of a response has a JSON-RPC error and no result. */
export const isRpcError = (body: string): boolean =>
  /"error"\s*:\s*\{/.test(body) && !/"result"\s*:/.test(body);

/** "HTTP 503", "connection refused", "a result" */
export function outcomeText(outcome: CallOutcome | HttpRecord['outcome']): string {
  switch (outcome.kind) {
    case 'answer':
    case 'http-error':
      return `HTTP ${outcome.status}`;
    case 'failure':
      return outcome.reason === 'refused' ? 'connection refused' : outcome.message;
    case 'result':
      return outcome.isError ? `a tool error: ${cut(outcome.text, 200)}` : 'a result';
    default:
      return cut(outcome.message, 200);
  }
}
