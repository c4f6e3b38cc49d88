import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { endOf, succeeded, tookMs } from '../../reading/lab/calls.ts';

export interface CallEnd {
  verdict: 'pass' | 'fail' | 'inconclusive';
  /** As a clause: "the call ended after 1503 ms in an error of the tool (…)". */
  text: string;
}

/** Words in which servers say that something went wrong, and words for an answer that is given in spite of it. */
const failed =
  /\b(?:error|exception|fail(?:ed|ure|s)?|unable|unavailable|could ?n[o']t|cannot|can't|time[d-]? ?out|timeout|refused|reset|unreachable|no answer)\b/i;
const inSpite = /\b(?:stale|cached|last known|fall ?back|earlier|previous|as of|default)\b/i;

/**
 * Whether a call whose upstream gave no answer that could be used ended cleanly: in a result that is marked as an error
 * (MCP 2025-11-25, tools, error handling), or in a JSON-RPC error.
 *
 * @param boundMs how long its end was waited for
 */
export function judgeEnd(call: CallRecord, lab: LabEvidence, boundMs: number): CallEnd {
  const { outcome } = call;
  if (outcome.kind === 'no-answer' && outcome.timedOut) {
    return { verdict: 'fail', text: `the call had not ended after ${boundMs / 1_000} s` };
  }
  const text = `the call ended after ${tookMs(call)} ms ${endOf(call)}`;
  if (outcome.kind === 'protocol-error') return { verdict: 'pass', text };
  if (outcome.kind === 'no-answer') return { verdict: 'fail', text };
  if (outcome.kind === 'http-error') {
    return outcome.status >= 500
      ? { verdict: 'fail', text: `${text}, which is no answer that a client reads` }
      : { verdict: 'inconclusive', text: `${text}: it was turned away` };
  }
  if (outcome.isError) return { verdict: 'pass', text };
  const usual = usualText(lab, call.tool);
  if (outcome.text.trim() === '' && usual.trim() !== '') {
    return { verdict: 'fail', text: `${text}: nothing in it says that something is wrong` };
  }
  if (failed.test(outcome.text) && !inSpite.test(outcome.text) && !failed.test(usual)) {
    return { verdict: 'fail', text: `${text}: isError is not set, so that clients take it for an answer` };
  }
  return {
    verdict: 'inconclusive',
    text: `${text}: whether that is an answer kept from earlier, or made up, cannot be told`,
  };
}

/** What the tool says when nothing is wrong. */
function usualText({ baseline: { calls } }: LabEvidence, tool: string): string {
  const usual = calls.find((call) => call.tool === tool && succeeded(call));
  return usual?.outcome.kind === 'result' ? usual.outcome.text : '';
}
