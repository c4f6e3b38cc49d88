import type { CallRecord } from '../../../evidence/lab/client.ts';
import type { UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { endOf, nameVariableTool, noCall, requestsDuring } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, type Moment, pass } from '../../row.ts';
import { judgeEnd } from './call-ends.ts';

export type HangingUpstream = 'stalled-upstream' | 'dripping-upstream';

const faults: Record<HangingUpstream, string> = {
  'stalled-upstream': 'stalled before its headers',
  'dripping-upstream': 'dripped its body',
};

/** Judges whether the call ended with an error within the lab’s limit. */
export const judgeHanging =
  (id: HangingUpstream) =>
  (history: StalledUpstreamHistory, lab: LabEvidence): Judgement => {
    const { boundMs, gateway } = history;
    const call = hangingCall(history);
    if (call === undefined) return noCall;
    const requests = requestsDuring(gateway, call).filter(({ fault }) => fault !== 'pass');
    const [first] = requests;
    if (first === undefined) {
      return inconclusive(
        `The call ended ${endOf(call)} without an upstream request, and never waited. ${nameVariableTool}`,
      );
    }
    const end = judgeEnd(`While the upstream ${faults[id]}`, call, lab, boundMs);
    const abortMs = abortedAfter(first, call);
    const attempts = requests.filter(({ fingerprint }) => fingerprint === first.fingerprint).length;
    const finding = `${end.finding} The server ${
      abortMs === null
        ? 'did not abort its upstream request in that time'
        : `aborted its upstream request after ${abortMs} ms${attempts > 1 ? ` and made ${attempts} attempts` : ''}`
    }.`;
    const moment = momentsOf(id);
    const moments: Moment[] = [
      moment(call.sentMs, `a call of ${call.tool}`),
      moment(first.atMs, `its request reached the upstream, which ${faults[id]}`),
      ...(abortMs === null ? [] : [moment(first.atMs + abortMs, 'the server aborted the request')]),
      moment(call.endedMs, end.verdict === 'fail' ? 'no clean end' : `the call ended ${endOf(call)}`),
    ];
    if (end.verdict === 'inconclusive') return inconclusive(finding);
    return end.verdict === 'pass' ? pass(finding, ...moments) : fail(finding, ...moments);
  };

/** The call whose request met the fault. The server answered those before it without the upstream. */
export const hangingCall = ({ calls }: StalledUpstreamHistory) =>
  calls.findLast(({ role }) => role === 'hanging');

/** Milliseconds until the server aborted the request. Null: it did not, or only after its client had left. */
function abortedAfter({ atMs, outcome }: UpstreamRequest, call: CallRecord): number | null {
  if (outcome.kind !== 'given-up') return null;
  const clientLeft = call.outcome.kind === 'no-answer' && atMs + outcome.afterMs >= call.endedMs;
  return clientLeft ? null : outcome.afterMs;
}
