import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { tookMs } from '../../reading/lab/calls.ts';
import { inconclusive, type Judgement } from '../../row.ts';
import { hangingCall, judgeHanging } from './stalled-upstream.ts';

/** As where the upstream stalls, but that a call which ends before the next byte may have met a limit on the wait for it. */
export function judgeDripping(history: StalledUpstreamHistory, lab: LabEvidence): Judgement {
  const judged = judgeHanging('dripping-upstream')(history, lab);
  const call = hangingCall(history);
  const pauseMs = history.gateway.dripMs + history.auditorDelayMs;
  return judged.verdict === 'pass' && call !== undefined && tookMs(call) <= pauseMs
    ? inconclusive(
        `${judged.finding} Up to ${pauseMs} ms passed between two bytes, so that a limit on the wait for the next one would have done the same: give the server a longer limit ("env").`,
      )
    : judged;
}
