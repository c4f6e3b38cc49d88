import type { CallOutcome, HttpRecord } from '../../../evidence/lab/client.ts';
import { cut } from '../../../text/printable.ts';

/** Whether a JSON-RPC request was served: a good status, and no error in it. */
export function isServed({ outcome }: HttpRecord): boolean {
  if (outcome.kind !== 'answer' || outcome.status < 200 || outcome.status > 299) return false;
  return !/"error"\s*:\s*\{/.test(outcome.body) || /"result"\s*:/.test(outcome.body);
}

/** What came, in a few words: "HTTP 503", "connection refused", "a result". */
export function outcomeText(outcome: CallOutcome | HttpRecord['outcome']): string {
  switch (outcome.kind) {
    case 'answer':
      return `HTTP ${outcome.status}`;
    case 'failure':
      return outcome.reason === 'refused' ? 'connection refused' : outcome.message;
    case 'result':
      return outcome.isError ? `an error of the tool: ${cut(outcome.text, 200)}` : 'a result';
    case 'http-error':
      return `HTTP ${outcome.status}`;
    default:
      return cut(outcome.message, 200);
  }
}
