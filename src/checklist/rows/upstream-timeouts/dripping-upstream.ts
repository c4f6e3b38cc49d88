import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { tookMs } from '../../reading/lab/calls.ts';
import { inconclusive, type Judgement } from '../../row.ts';
import { hangingCall, judgeHanging } from './stalled-upstream.ts';

/** As for a stalled upstream. But a call that ends before the second byte may have met a read timeout, not a total one. */
export function judgeDripping(history: StalledUpstreamHistory, lab: LabEvidence): Judgement {
  const judged = judgeHanging('dripping-upstream')(history, lab);
  const call = hangingCall(history);
  const pauseMs = history.gateway.dripMs + history.auditorDelayMs;
  return judged.verdict === 'pass' && call !== undefined && tookMs(call) <= pauseMs
    ? inconclusive(
        `${judged.finding} Up to ${pauseMs} ms passed between two bytes, and a read timeout would end the call as well. Set a longer timeout in "env".`,
      )
    : judged;
}
