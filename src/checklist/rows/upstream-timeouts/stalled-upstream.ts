import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { endOf, requestsDuring } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, type Moment, pass } from '../../row.ts';
import { judgeEnd } from './call-ends.ts';

export type HangingUpstream = 'stalled-upstream' | 'dripping-upstream';

const doing: Record<HangingUpstream, string> = {
  'stalled-upstream': 'stalled before its headers',
  'dripping-upstream': 'dripped its body',
};

/** Whether the call came to an end, and to a clean one, within the bound of the lab. */
export const judgeHanging =
  (id: HangingUpstream) =>
  (history: StalledUpstreamHistory, lab: LabEvidence): Judgement => {
    const { boundMs, gateway } = history;
    const call = hangingCall(history);
    if (call === undefined) return inconclusive('No call was made.');
    const met = requestsDuring(gateway, call).filter(({ fault }) => fault !== 'pass');
    const [asked] = met;
    if (asked === undefined) {
      return inconclusive(
        `The call ended ${endOf(call)} and asked nothing of the upstream, so that it never had to wait. Name another in "tool", with arguments that can be varied.`,
      );
    }
    const end = judgeEnd(call, lab, boundMs);
    const limit = ownLimit(asked, call);
    const attempts = met.filter(({ fingerprint }) => fingerprint === asked.fingerprint).length;
    const tries = attempts > 1 ? `, ${attempts} attempts in all` : '';
    const given = limit === null ? 'left its request open' : `gave its request up after ${limit} ms${tries}`;
    const finding = `While the upstream ${doing[id]}, ${end.text}; the server ${given}. The bound is ${boundMs / 1_000} s.`;
    const moment = momentsOf(id);
    const moments: Moment[] = [
      moment(call.sentMs, `a call of ${call.tool}`),
      moment(asked.atMs, `its request reached the upstream, which ${doing[id]}`),
      ...(limit === null ? [] : [moment(asked.atMs + limit, 'the server gave the request up')]),
      moment(call.endedMs, end.verdict === 'fail' ? 'no clean end' : `the call ended ${endOf(call)}`),
    ];
    if (end.verdict === 'inconclusive') return inconclusive(finding);
    return end.verdict === 'pass' ? pass(finding, ...moments) : fail(finding, ...moments);
  };

/** The one whose request met the fault: those before were answered without the upstream. */
export const hangingCall = ({ calls }: StalledUpstreamHistory) =>
  calls.findLast(({ role }) => role === 'hanging');

/** Milliseconds after which the server gave up by itself; null: it did not, or only when its client was gone. */
function ownLimit({ atMs, outcome }: UpstreamRequest, call: CallRecord): number | null {
  if (outcome.kind !== 'given-up') return null;
  const clientLeft = call.outcome.kind === 'no-answer' && atMs + outcome.afterMs >= call.endedMs;
  return clientLeft ? null : outcome.afterMs;
}
