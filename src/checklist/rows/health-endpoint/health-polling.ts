import type { BaselineHistory } from '../../../evidence/lab/baseline.ts';
import type { HealthPollingHistory } from '../../../evidence/lab/health-polling.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Milliseconds. A poll that takes longer piles up, and Kubernetes' default probe timeout is one second. */
export const prompt = 1000;

/** By a poll that was made when nothing else ran. */
export function judgePrompt({ health }: BaselineHistory): Judgement {
  const poll = health.findLast(({ outcome }) => outcome.kind === 'answer');
  if (poll?.outcome.kind !== 'answer' || ![200, 503].includes(poll.outcome.status)) {
    return inconclusive('No health path answered when the server was launched by itself.');
  }
  const durationMs = poll.endedMs - poll.sentMs;
  const finding = `GET ${poll.path} → ${poll.outcome.status} in ${durationMs} ms with nothing else running`;
  const asked = momentsOf('baseline')(poll.sentMs, `GET ${poll.path}`);
  return durationMs <= prompt
    ? pass(`${finding}.`, asked)
    : fail(`${finding}; a poll is given ${prompt} ms.`, asked);
}

/** Of the polls, how many have to be answered to tell something. */
const enoughAnswers = 10;
/** Milliseconds. Spread over more time than this, even what is asked once a second comes close to once a poll. */
const longest = 5_000;

/** Whether polling costs the upstream less than it costs whoever polls. */
export function judgePollingLoad({ requests, gateway }: HealthPollingHistory): Judgement {
  const [first] = requests;
  const answered = requests.filter(
    ({ outcome }) => outcome.kind === 'answer' && [200, 503].includes(outcome.status),
  );
  if (first === undefined || answered.length < enoughAnswers) {
    return inconclusive(
      `Only ${answered.length} of ${requests.length} polls were answered with 200 or 503. Poll the health path without a limit.`,
    );
  }
  const took = Math.max(...requests.map(({ endedMs }) => endedMs)) - first.sentMs;
  const upstream = gateway.requests.filter(({ atMs }) => atMs >= first.sentMs);
  const count = upstream.length + gateway.moreRequests;
  const asked =
    count === 0 ? 'no upstream request' : `${count} upstream ${count === 1 ? 'request' : 'requests'}`;
  const finding = `${answered.length} polls of ${first.path} in ${(took / 1000).toFixed(1)} s made ${asked}`;
  const moment = momentsOf('health-polling');
  const moments = [
    moment(first.sentMs, `the first of ${requests.length} polls`),
    ...upstream.slice(0, 1).map(({ atMs, method, host, path }) => moment(atMs, `${method} ${host}${path}`)),
    moment(first.sentMs + took, `the last answer; ${asked} by then`),
  ];
  if (count > 1.5 * answered.length) {
    return fail(
      `${finding}: each poll is multiplied, and whoever polls spends your quota without a credential.`,
      ...moments,
    );
  }
  if (count <= answered.length / 2) return pass(`${finding}.`, ...moments);
  return took > longest
    ? inconclusive(`${finding}, too slowly to tell whether the answer is kept for a moment.`)
    : fail(`${finding}: whoever polls it spends your quota, without a credential.`, ...moments);
}
