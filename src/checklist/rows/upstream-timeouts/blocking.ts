import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { joined } from '../../../text/counts.ts';
import { nameVariableTool, noCall, requestsDuring, succeeded, tookMs } from '../../reading/lab/calls.ts';
import { momentsOf, provenBy, together } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { type HangingUpstream, hangingCall } from './stalled-upstream.ts';

/** Milliseconds. The limit for a response while another call waits. */
const limitMs = 2_000;
const limitText = `The limit is ${limitMs / 1_000} s.`;
/** Milliseconds. Shorter waits may have any cause. */
const noticeableMs = 1_000;
/** A held request takes so many times as long as before. */
const slowdown = 5;
/** How late the auditor’s own timers may be: milliseconds, or a part of the longest wait. */
const auditorMs = 500;
const auditorPart = 1 / 4;
/** Milliseconds between two responses that the server sends together. */
const togetherMs = 100;

interface Times {
  sentMs: number;
  endedMs: number;
}

/** A request that the lab sent while the call waited. */
interface ParallelRequest extends Times {
  name: string;
  answered: boolean;
  /** Milliseconds of an equal request before the fault. */
  usualMs: number;
}

const judgeServed =
  (id: HangingUpstream) =>
  (history: StalledUpstreamHistory): Judgement => {
    const call = hangingCall(history);
    const { list, health, cached } = parallelRequests(history);
    if (call === undefined || list === undefined) {
      return inconclusive('The call ended before the lab could send other requests.');
    }
    if (requestsDuring(history.gateway, call).every(({ fault }) => fault === 'pass')) {
      return inconclusive(`The call sent no upstream request, and never waited. ${nameVariableTool}`);
    }
    const others = [list, cached].filter((request) => request !== undefined);
    const all = [...others, health].filter((request) => request !== undefined);
    const isHeld = (request: ParallelRequest) =>
      request.endedMs >= call.endedMs - togetherMs &&
      tookMs(request) > noticeableMs &&
      tookMs(request) > slowdown * request.usualMs;
    const moment = momentsOf(id);
    const moments = [
      moment(call.sentMs, 'a call that waits for the upstream'),
      ...all.map(({ endedMs, name, answered }) =>
        moment(endedMs, `${name}: ${answered ? 'a response' : 'no response'}`),
      ),
      moment(call.endedMs, 'the call ended'),
    ];
    const finding = `A call waited ${tookMs(call)} ms for the upstream. Meanwhile the server ${responseTimes(all)}.`;
    const held = others.filter(isHeld);
    if (held.length > 0) {
      const longestMs = Math.max(...held.map(tookMs));
      return history.auditorDelayMs > Math.max(auditorMs, longestMs * auditorPart)
        ? inconclusive(
            `${finding} The auditor itself was up to ${history.auditorDelayMs} ms late. Run the lab on a machine with less load.`,
          )
        : fail(`${finding} It held ${namesOf(held)} back until the call ended.`, ...moments);
    }
    if (health !== undefined && isHeld(health)) {
      return inconclusive(`${finding} The row health-endpoint judges health while the upstream is down.`);
    }
    if (all.some(({ answered }) => !answered)) return inconclusive(`${finding} The reason is unknown.`);
    const late = all.filter((request) => tookMs(request) > limitMs);
    return late.length > 0
      ? inconclusive(`${finding} ${limitText} Nothing shows that ${namesOf(late)} waited for the call.`)
      : pass(`${finding} ${limitText}`, ...moments);
  };

/** Judges whether the server serves other requests while a call waits. A server that blocks in either experiment fails. */
export const judgeOthersServed = together(
  (['stalled-upstream', 'dripping-upstream'] as const).map((id) => provenBy(id, judgeServed(id))),
  (judgements) => {
    const first = (verdict: Judgement['verdict']) =>
      judgements.find((judgement) => judgement.verdict === verdict);
    return first('fail') ?? first('pass') ?? judgements[0] ?? noCall;
  },
);

function parallelRequests({ lists, requests, calls, gateway }: StalledUpstreamHistory) {
  const list = lists.findLast(isMeanwhile);
  const poll = requests.findLast(isMeanwhile);
  const callOf = (role: CallOfHistory['role']) => calls.find((call) => call.role === role);
  const [first, repeated, again] = [
    callOf('before'),
    callOf('repeated-before'),
    callOf('repeated-meanwhile'),
  ];
  return {
    list: list && parallel('tools/list', list, list.tools !== null, lists.find(isBefore)),
    health:
      poll && parallel(`GET ${poll.path}`, poll, poll.outcome.kind === 'answer', requests.find(isBefore)),
    cached:
      first && repeated && again && !isSentAgain(gateway, first, again)
        ? parallel('a cached call', again, succeeded(again), repeated)
        : undefined,
  };
}

const isBefore = ({ when }: { when: string }) => when === 'before';
const isMeanwhile = ({ when }: { when: string }) => when === 'meanwhile';

type CallOfHistory = StalledUpstreamHistory['calls'][number];

/** Whether the repeated call sends the upstream request again: it then waits for the upstream itself. */
function isSentAgain(gateway: GatewayRecord, first: CallOfHistory, again: CallOfHistory): boolean {
  const known = new Set(requestsDuring(gateway, first).map(({ fingerprint }) => fingerprint));
  return requestsDuring(gateway, again).some(({ fingerprint }) => known.has(fingerprint));
}

function parallel(name: string, sent: Times, answered: boolean, usual: Times = sent): ParallelRequest {
  return { name, sentMs: sent.sentMs, endedMs: sent.endedMs, answered, usualMs: tookMs(usual) };
}

const namesOf = (requests: readonly ParallelRequest[]): string => joined(requests.map(({ name }) => name));

/** "answered tools/list in 3 ms (usually 3 ms) … It did not answer GET /health within 2000 ms (usually 4 ms)" */
function responseTimes(all: readonly ParallelRequest[]): string {
  const clause = (verb: string, preposition: string, answered: boolean) => {
    const times = all
      .filter((request) => request.answered === answered)
      .map(
        (request) => `${request.name} ${preposition} ${tookMs(request)} ms (usually ${request.usualMs} ms)`,
      );
    return times.length === 0 ? [] : [`${verb} ${joined(times)}`];
  };
  return [...clause('answered', 'in', true), ...clause('did not answer', 'within', false)].join('. It ');
}
