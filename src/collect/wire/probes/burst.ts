import type { BurstEvidence, BurstLimit, McpReply } from '../../../evidence/wire.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { type Run, together } from '../run.ts';
import { answered } from './answered.ts';
import { followUp } from './burst-follow-ups.ts';
import type { CheapRequest, OpenFor } from './cheap-request.ts';
import type { Seen } from './probe.ts';

const maxRequests = 120;
/** Of the whole pass, with one to end each of two sessions, and what arrays take after it. */
const maxInAll = 195;
const atOnce = 10;
const keptFailures = 3;

/**
 * Sends a cheap request with the given credential again and again, ten at once, until the server refuses one, and looks at
 * what the refusal means to others and for how long. It stops as well at any answer that is neither served nor a limit:
 * a server in trouble is not pressed further.
 *
 * @param openFor opens the same request for another client
 */
export async function probeBurst(
  run: Run,
  cheap: CheapRequest,
  openFor: OpenFor,
): Promise<BurstEvidence | null> {
  const startedAt = performance.now();
  const most = Math.min(maxRequests, maxInAll - run.recorder.exchanges.length);
  const all: Seen[] = [];
  let limit: Seen | undefined;
  let failures: Seen[] = [];
  while (all.length < most && limit === undefined && failures.length === 0) {
    // A server that refuses from the beginning gets one request only.
    const count = Math.min(all.length === 0 ? 1 : atOnce, most - all.length);
    const batch = await together(
      Array.from({ length: count }, (_, n) =>
        cheap.send({ purpose: `burst: request ${all.length + n + 1}` }),
      ),
    );
    const answers = batch.filter((seen) => seen !== undefined);
    if (answers.length === 0) break;
    all.push(...answers);
    limit = answers.find(isLimit);
    failures = answers.filter((seen) => !isLimit(seen) && !cheap.isServed(seen));
  }
  const [first] = all;
  if (first === undefined) return null;
  return {
    request: cheap.name,
    credential: first.exchange.request.credential,
    sent: all.length,
    served: all.filter(cheap.isServed).length,
    durationMs: Math.round(performance.now() - startedAt),
    first: first.exchange.id,
    limited: limit === undefined ? null : limitOf(run, limit, all.filter(isLimit)),
    failures: failures.slice(0, keptFailures).map(({ exchange }) => exchange.id),
    followUps: limit === undefined ? [] : await followUp(run, cheap, limit, openFor),
  };
}

/** A refusal that came before the burst could begin: no session was opened. */
export function refusedBeforehand(run: Run, seen: Seen): BurstEvidence | null {
  const { exchange } = seen;
  return {
    request: exchange.purpose.startsWith('event stream') ? 'event stream' : 'initialize',
    credential: exchange.request.credential,
    sent: 1,
    served: 0,
    durationMs: exchange.durationMs,
    first: exchange.id,
    limited: isLimit(seen) ? limitOf(run, seen, [seen]) : null,
    failures: isLimit(seen) ? [] : [exchange.id],
    followUps: [],
  };
}

/** Whether an answer says that there were too many: 429, or a JSON-RPC error in such words, whatever its status. */
export function isLimit({ answer, reply }: Seen): boolean {
  return answer?.status === 429 || isLimitReply(reply);
}

/** Whether a JSON-RPC error says so. */
export function isLimitReply(reply: McpReply): boolean {
  return reply.kind === 'error' && /rate.?limit|too many|throttl|slow down|quota/i.test(reply.message);
}

/** @param refused all that were refused beside it: of requests that are on their way together, any may come first */
function limitOf(run: Run, { exchange, reply, answer }: Seen, refused: readonly Seen[]): BurstLimit {
  const waitMs = retryAfterMs(answer?.headers['retry-after']);
  const others = run.recorder.exchanges.filter((one) => refused.every((seen) => seen.exchange !== one));
  return {
    exchange: exchange.id,
    reply,
    after: answered(others, exchange.request.credential),
    afterAll: answered(others),
    retryAfterSeconds: waitMs === undefined ? null : Math.round(waitMs / 100) / 10,
  };
}
