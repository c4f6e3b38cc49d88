import type { BaselineHistory } from '../../../evidence/lab/baseline.ts';
import type { HealthPollingHistory } from '../../../evidence/lab/health-polling.ts';
import { count } from '../../../text/counts.ts';
import { seconds } from '../../../text/durations.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** The time for one poll: the default timeout of a Kubernetes probe. */
export const limitMs = 1000;

/** Judges the response time by a poll that ran alone. */
export function judgePrompt({ health }: BaselineHistory): Judgement {
  const [former, last] = health.slice(-2);
  // The lab polls the health path twice, and other paths once.
  const poll =
    former?.path === last?.path ? health.findLast(({ outcome }) => outcome.kind === 'answer') : undefined;
  if (poll?.outcome.kind !== 'answer' || ![200, 503].includes(poll.outcome.status)) {
    return inconclusive(
      'No health path returned 200 or 503 while the server ran alone. Its speed is unknown.',
    );
  }
  const durationMs = poll.endedMs - poll.sentMs;
  const finding = `With nothing else running, GET ${poll.path} → ${poll.outcome.status} in ${durationMs} ms`;
  const sent = momentsOf('baseline')(poll.sentMs, `GET ${poll.path}`);
  return durationMs <= limitMs
    ? pass(`${finding}.`, sent)
    : fail(`${finding}; the limit is ${limitMs} ms.`, sent);
}

/** Fewer answered polls show nothing. */
const leastAnswers = 10;
/** Polls spread over a longer time cannot show an answer that is kept for a second. */
const longestMs = 5_000;

/** Judges how many upstream requests the polls cause: at most one for two polls. */
export function judgePollingLoad({ requests, gateway }: HealthPollingHistory): Judgement {
  const [first] = requests;
  const answered = requests.filter(
    ({ outcome }) => outcome.kind === 'answer' && [200, 503].includes(outcome.status),
  ).length;
  if (first === undefined || answered < leastAnswers) {
    return inconclusive(
      `${answered} of ${requests.length} polls returned 200 or 503; this judgement needs ${leastAnswers}. If a rate limit covers the health path, exempt it.`,
    );
  }
  const tookMs = Math.max(...requests.map(({ endedMs }) => endedMs)) - first.sentMs;
  const upstream = gateway.requests.filter(({ atMs }) => atMs >= first.sentMs);
  const sent = upstream.length + gateway.moreRequests;
  const limit = answered / 2;
  const sentText = sent === 0 ? 'no upstream request' : count(sent, 'upstream request');
  const finding = `${answered} polls of ${first.path} in ${seconds(tookMs)} caused ${sentText}; the limit is ${Math.floor(limit)}.`;
  const moment = momentsOf('health-polling');
  const moments = [
    moment(first.sentMs, `the first of ${requests.length} polls`),
    ...upstream.slice(0, 1).map(({ atMs, method, host, path }) => moment(atMs, `${method} ${host}${path}`)),
    moment(first.sentMs + tookMs, `the last response, after ${sentText}`),
  ];
  if (sent <= limit) return pass(finding, ...moments);
  // More than one each is too many at any pace.
  return tookMs > longestMs && sent <= 1.5 * answered
    ? inconclusive(`${finding} The polls took over ${longestMs / 1000} s: a short cache would not show.`)
    : fail(`${finding} Anyone can poll it without credentials and use up your upstream quota.`, ...moments);
}
