import type { StalledUpstreamHistory } from '../../../evidence/lab/stalled-upstream.ts';
import { requestsDuring, succeeded, tookMs } from '../../reading/lab/calls.ts';
import { momentsOf, provenBy, together } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';
import { type HangingUpstream, hangingCall } from './stalled-upstream.ts';

/** Milliseconds. Longer than anybody should wait for a list of tools. */
const boundMs = 2_000;
/** Milliseconds. What took no longer may have been late for any reason. */
const noticeableMs = 1_000;
/** What was held up took so many times as long as before. */
const slower = 5;
/** Milliseconds by which the auditor may be late itself, or this part of what the longest was held up. */
const auditorMs = 500;
const auditorPart = 1 / 4;
/** Milliseconds between the ends of two answers that a server sent together. */
const togetherMs = 100;

interface Asked {
  what: string;
  sentMs: number;
  endedMs: number;
  answered: boolean;
  /** Milliseconds of the same while nothing was wrong. */
  usualMs: number;
}

const judgeServed =
  (id: HangingUpstream) =>
  (history: StalledUpstreamHistory): Judgement => {
    const call = hangingCall(history);
    const { list, health, cached } = askedMeanwhile(history);
    if (call === undefined || list === undefined) {
      return inconclusive('The call ended before anything else could be asked.');
    }
    if (requestsDuring(history.gateway, call).every(({ fault }) => fault === 'pass')) {
      return inconclusive('The call asked nothing of the upstream, so that it never had to wait.');
    }
    const others = [list, cached].filter((one) => one !== undefined);
    const all = [...others, health].filter((one) => one !== undefined);
    const heldUp = (one: Asked) =>
      one.endedMs >= call.endedMs - togetherMs &&
      tookMs(one) > noticeableMs &&
      tookMs(one) > slower * one.usualMs;
    const moment = momentsOf(id);
    const moments = [
      moment(call.sentMs, 'a call that waits for the upstream'),
      ...all.map((one) => moment(one.endedMs, `${one.what}: ${one.answered ? 'answered' : 'no answer'}`)),
      moment(call.endedMs, 'the call was over'),
    ];
    const finding = `While a call waited ${tookMs(call)} ms for the upstream, ${all.map(text).join(', ')}.`;
    const blocked = others.filter(heldUp);
    if (blocked.length > 0) {
      const longestMs = Math.max(...blocked.map(tookMs));
      return history.auditorDelayMs > Math.max(auditorMs, longestMs * auditorPart)
        ? inconclusive(
            `${finding} But the auditor itself was late by up to ${history.auditorDelayMs} ms: try it on a machine that has less to do.`,
          )
        : fail(`${finding} It served nobody until the call was over.`, ...moments);
    }
    if (health !== undefined && heldUp(health)) {
      return inconclusive(
        `${finding} What health does while the upstream is down is judged as health-endpoint.`,
      );
    }
    const missing = all.find(({ answered }) => !answered);
    if (missing) return inconclusive(`${finding} Why is not known.`);
    const late = all.find((one) => tookMs(one) > boundMs);
    return late
      ? inconclusive(`${finding} ${late.what} was late, but did not wait for the call.`)
      : pass(finding, ...moments);
  };

/** Whether others are served while a call waits for the upstream: one that blocks in either way fails. */
export const judgeOthersServed = together(
  (['stalled-upstream', 'dripping-upstream'] as const).map((id) => provenBy(id, judgeServed(id))),
  (judgements) => {
    for (const verdict of ['fail', 'pass'] as const) {
      const found = judgements.find((judgement) => judgement.verdict === verdict);
      if (found) return found;
    }
    return judgements[0] ?? inconclusive('No call was made.');
  },
);

function askedMeanwhile({ lists, requests, calls, gateway }: StalledUpstreamHistory) {
  const pairOf = <T extends { when: string }>(records: T[]) => ({
    before: records.find(({ when }) => when === 'before'),
    meanwhile: records.findLast(({ when }) => when === 'meanwhile'),
  });
  const list = pairOf(lists);
  const poll = pairOf(requests);
  const first = calls.find(({ role }) => role === 'before');
  const repeated = calls.find(({ role }) => role === 'repeated-before');
  const again = calls.find(({ role }) => role === 'repeated-meanwhile');
  const kept = first !== undefined && again !== undefined && !asksAgain(gateway, first, again);
  return {
    list:
      list.meanwhile &&
      asked('tools/list', list.meanwhile, list.meanwhile.tools !== null, list.before ?? list.meanwhile),
    health:
      poll.meanwhile &&
      asked(
        `GET ${poll.meanwhile.path}`,
        poll.meanwhile,
        poll.meanwhile.outcome.kind === 'answer',
        poll.before ?? poll.meanwhile,
      ),
    cached:
      again && repeated && kept
        ? asked('a repeated call from the cache', again, succeeded(again), repeated)
        : undefined,
  };
}

/** Whether what was kept a moment ago is asked for again: then it waits for the upstream by itself. */
function asksAgain(
  gateway: StalledUpstreamHistory['gateway'],
  first: StalledUpstreamHistory['calls'][number],
  again: StalledUpstreamHistory['calls'][number],
): boolean {
  const known = new Set(requestsDuring(gateway, first).map(({ fingerprint }) => fingerprint));
  return requestsDuring(gateway, again).some(({ fingerprint }) => known.has(fingerprint));
}

interface Times {
  sentMs: number;
  endedMs: number;
}

const asked = (what: string, { sentMs, endedMs }: Times, answered: boolean, usual: Times): Asked => ({
  what,
  sentMs,
  endedMs,
  answered,
  usualMs: tookMs(usual),
});

const text = (one: Asked): string =>
  `${one.what} was ${one.answered ? 'answered after' : 'not answered within'} ${tookMs(one)} ms (${one.usualMs} ms before)`;
