import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { endOf, succeeded, tookMs } from '../../reading/lab/calls.ts';
import { leakOfCall } from '../../reading/lab/responses.ts';

export interface CallEnd {
  verdict: 'pass' | 'fail' | 'inconclusive';
  /** Sentences: "While the upstream …, the call ended after 1503 ms (limit: 20 s) with a tool error (…)." */
  finding: string;
}

/** Words of error messages, and words of results that are given despite an error. */
const failureWords =
  /\b(?:error|exception|fail(?:ed|ure|s)?|unable|unavailable|could ?n[o']t|cannot|can't|time[d-]? ?out|timeout|refused|reset|unreachable|no answer)\b/i;
const fallbackWords = /\b(?:stale|cached|last known|fall ?back|earlier|previous|as of|default)\b/i;

/**
 * Judges whether a call without a usable upstream response ended with a result that is marked as an error
 * (MCP 2025-11-25, tools, error handling), or with a JSON-RPC error. A stack trace is no clean error.
 *
 * @param circumstance "While the upstream stalled"
 * @param boundMs how long the lab waited for the end
 */
export function judgeEnd(circumstance: string, call: CallRecord, lab: LabEvidence, boundMs: number): CallEnd {
  const { outcome } = call;
  const limit = `${boundMs / 1_000} s`;
  if (outcome.kind === 'no-answer' && outcome.timedOut) {
    return { verdict: 'fail', finding: `${circumstance}, the call did not end within ${limit}.` };
  }
  const after = `${circumstance}, the call ended after ${tookMs(call)} ms (limit: ${limit})`;
  const leak = leakOfCall(call);
  if (leak?.kind === 'trace' && outcome.kind !== 'http-error') {
    const error = outcome.kind === 'result' ? 'a tool error' : 'a JSON-RPC error';
    return { verdict: 'fail', finding: `${after} with ${error} that contains ${leak.text}.` };
  }
  const ended = `${after} ${endOf(call)}.`;
  const end = (verdict: CallEnd['verdict'], comment: string): CallEnd => ({
    verdict,
    finding: `${ended} ${comment}`,
  });
  if (outcome.kind === 'protocol-error') return { verdict: 'pass', finding: ended };
  if (outcome.kind === 'no-answer') return { verdict: 'fail', finding: ended };
  if (outcome.kind === 'http-error') {
    return outcome.status >= 500
      ? end('fail', 'MCP clients expect a result with isError, or a JSON-RPC error.')
      : end('inconclusive', 'The server refused the call. How it handles this upstream is unknown.');
  }
  if (outcome.isError) return { verdict: 'pass', finding: ended };
  const usual = usualText(lab, call.tool);
  if (outcome.text.trim() === '' && usual.trim() !== '') {
    return end('fail', 'The result is empty and reports no error.');
  }
  if (failureWords.test(outcome.text) && !fallbackWords.test(outcome.text) && !failureWords.test(usual)) {
    return end('fail', 'The text reports a failure, but isError is not set. Clients take it for a result.');
  }
  return end('inconclusive', 'Whether the result is cached or invented is unknown.');
}

/** The text of the tool while the upstream works. */
function usualText({ baseline: { calls } }: LabEvidence, tool: string): string {
  const usual = calls.find((call) => call.tool === tool && succeeded(call));
  return usual?.outcome.kind === 'result' ? usual.outcome.text : '';
}
