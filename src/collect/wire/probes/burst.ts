import type { BurstEvidence, BurstLimit, McpReply } from '../../../evidence/wire.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { type Run, together } from '../run.ts';
import { elapse, followUp } from './burst-follow-ups.ts';
import type { CheapRequest, OpenFor } from './cheap-request.ts';
import { countAnswers } from './count-answers.ts';
import type { ProbeResult } from './probe.ts';

const maxRequests = 120;
/** In the whole pass, including the ends of two sessions and the arrays after the burst. */
const maxInAll = 195;
/** Milliseconds of one request after the other. The rest of the burst is sent ten at a time. */
const inTurnMs = 15_000;
const atOnce = 10;
/** A burst with so few results probably met the rest of a window. */
const fewServed = 3;
const keptFailures = 3;

/**
 * Sends a cheap request with the given credential until the server limits one. Then it tests the limit. If the burst meets
 * a limit at once that ends soon, it begins again after it: only a whole window shows what the limit counts.
 *
 * @param openFor opens the same request for another client
 */
export async function probeBurst(
  run: Run,
  cheap: CheapRequest,
  openFor: OpenFor,
): Promise<BurstEvidence | null> {
  let sent = await sendBurst(run, cheap);
  const restarted =
    sent.limit !== undefined && sent.all.length <= fewServed + 1 && (await passed(run, sent.limit));
  if (restarted) sent = await sendBurst(run, cheap);
  const { all, limit, failures } = sent;
  const [first] = all;
  if (first === undefined) return null;
  return {
    request: cheap.name,
    credential: first.exchange.request.credential,
    sent: all.length,
    served: all.filter(cheap.isServed).length,
    durationMs: sent.durationMs,
    inTurn: sent.inTurn,
    ...(restarted && { restarted }),
    first: first.exchange.id,
    limited: limit === undefined ? null : limitOf(run, limit, all.filter(isLimit)),
    failures: failures.slice(0, keptFailures).map(({ exchange }) => exchange.id),
    followUps: limit === undefined ? [] : await followUp(run, cheap, limit, openFor),
  };
}

/** Waits for the end of a limit, if it says when that is. */
export async function passed(run: Run, { answer }: ProbeResult): Promise<boolean> {
  const retryMs = retryAfterMs(answer?.headers['retry-after']);
  return retryMs !== undefined && (await elapse(run, retryMs)) !== undefined;
}

/**
 * Requests in turn show what a limiter counts: one that counts failures alone may count requests in flight. The burst also ends
 * at any other response that is not a result, to spare a server in trouble.
 */
async function sendBurst(run: Run, cheap: CheapRequest) {
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  const most = Math.min(maxRequests, maxInAll - run.recorder.exchanges.length);
  const all: ProbeResult[] = [];
  let limit: ProbeResult | undefined;
  let failures: ProbeResult[] = [];
  let inTurn = 0;
  while (all.length < most && limit === undefined && failures.length === 0) {
    const count = elapsedMs() < inTurnMs ? 1 : Math.min(atOnce, most - all.length);
    if (count === 1) inTurn += 1;
    const batch = await together(
      Array.from({ length: count }, (_, n) =>
        cheap.send({ purpose: `burst: request ${all.length + n + 1}` }),
      ),
    );
    const answers = batch.filter((result) => result !== undefined);
    if (answers.length === 0) break;
    all.push(...answers);
    limit = answers.find(isLimit);
    failures = answers.filter((result) => !isLimit(result) && !cheap.isServed(result));
  }
  return { all, limit, failures, inTurn, durationMs: elapsedMs() };
}

/** The burst of a server that refused to open a session. */
export function refusedBurst(run: Run, result: ProbeResult): BurstEvidence | null {
  const { exchange } = result;
  return {
    request: exchange.purpose.startsWith('event stream') ? 'event stream' : 'initialize',
    credential: exchange.request.credential,
    sent: 1,
    served: 0,
    durationMs: exchange.durationMs,
    first: exchange.id,
    limited: isLimit(result) ? limitOf(run, result, [result]) : null,
    failures: isLimit(result) ? [] : [exchange.id],
    followUps: [],
  };
}

/** Whether a response states a limit: 429, or a JSON-RPC error with that meaning and any status. */
export function isLimit({ answer, reply }: ProbeResult): boolean {
  return answer?.status === 429 || isLimitReply(reply);
}

/** Whether a JSON-RPC error states a limit. */
export function isLimitReply(reply: McpReply): boolean {
  return reply.kind === 'error' && /rate.?limit|too many|throttl|slow down|quota/i.test(reply.message);
}

/** @param refused all refusals of the same batch, because its requests arrive in any order */
function limitOf(
  run: Run,
  { exchange, reply, answer }: ProbeResult,
  refused: readonly ProbeResult[],
): BurstLimit {
  const waitMs = retryAfterMs(answer?.headers['retry-after']);
  const others = run.recorder.exchanges.filter((one) => refused.every(({ exchange }) => exchange !== one));
  return {
    exchange: exchange.id,
    reply,
    after: countAnswers(others, exchange.request.credential),
    afterAll: countAnswers(others),
    retryAfterSeconds: waitMs === undefined ? null : Math.round(waitMs / 100) / 10,
  };
}
