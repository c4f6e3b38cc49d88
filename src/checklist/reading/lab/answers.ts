import type { CallOutcome, HttpRecord } from '../../../evidence/lab/client.ts';

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
      return outcome.isError ? `an error of the tool: ${beginning(outcome.text)}` : 'a result';
    case 'http-error':
      return `HTTP ${outcome.status}`;
    default:
      return beginning(outcome.message);
  }
}

const beginning = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
