import type { BurstEvidence, BurstLimit, WireEvidence } from '../../../evidence/wire.ts';
import { seconds } from '../../../text/durations.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { type Attestable, fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeArrays } from './array-limit.ts';
import { judgeLimit } from './burst-limit.ts';
import { judgeForgeries, judgeOthers } from './limited-clients.ts';
import { resultOf, shortenWindow } from './limits.ts';
import { inLab } from './rate-limit.ts';
import { remedies } from './remedies.ts';

const gateway: Attestable = { by: 'limits at the gateway', inFront: true };

export const rateLimiting: Row = {
  id: 'rate-limiting',
  title: 'Per-client rate limiting',
  category: 'Security',
  level: 'required',
  why: 'One client in a loop can use up the server, and your upstream quota, for all other clients.',
  fix: 'Count requests per authenticated client. Answer 429 with a true Retry-After. Do not identify clients by a forwarding header that anyone can set.',
  basis: [
    'Production readiness: Rate Limiting (60 requests per 60 s)',
    'MCP 2025-03-26, "Sending Messages to the Server" (JSON-RPC arrays, removed in later revisions)',
    'RFC 6585 section 4 (429)',
    'RFC 9110 section 10.2.3 (Retry-After)',
  ],
  remedies,
  only: { transport: 'http', because: 'its only client is the program that starts it' },
  headline: 'per-client',
  criteria: [
    {
      id: 'limited',
      kind: 'core',
      attestable: gateway,
      title: 'The server answers a burst with 429, or with a JSON-RPC error of the same meaning',
      ...judged(judgeLimit),
    },
    {
      id: 'retry-after',
      kind: 'extra',
      attestable: gateway,
      title: 'Every 429 has a true Retry-After header',
      fix: 'Send Retry-After with every 429. Use whole seconds, rounded up.',
      ...judgedAfterLimit(judgeRetryAfter),
    },
    {
      id: 'per-client',
      kind: 'core',
      attestable: gateway,
      title: 'The limit of one client does not affect another',
      ...judgedAfterLimit(judgeOthers),
    },
    {
      id: 'unforgeable',
      kind: 'core',
      attestable: gateway,
      title: 'A forged X-Forwarded-For does not reset the count',
      fix: 'Identify clients by credential or by connection. Trust a forwarding header only from your own proxy.',
      ...judgedAfterLimit(judgeForgeries),
    },
    {
      id: 'counts-calls',
      kind: 'core',
      attestable: gateway,
      title: 'A JSON-RPC array does not bypass the limit',
      supporting: true,
      fix: 'Refuse JSON-RPC arrays with 400 and error -32600, or count each message before you serve any.',
      ...judged(judgeArrays),
    },
    {
      id: 'recovers',
      kind: 'core',
      attestable: gateway,
      title: 'The limit ends when Retry-After says',
      ...judgedAfterLimit(judgeRecovery),
    },
  ],
};

/** The same judge for the burst of the audit and for that of the lab to its own instance. */
function judged(observed: (wire: WireEvidence) => Judgement) {
  return { observed, proven: inLab(observed) };
}

function judgedAfterLimit(
  judge: (wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit) => Judgement,
) {
  return judged((wire) => {
    const limit = judgeLimit(wire);
    // The refusals of a limiter that counts failures alone show nothing about valid clients.
    if (wire.burst?.limited && limit.verdict === 'pass') return judge(wire, wire.burst, wire.burst.limited);
    return limit.verdict === 'inconclusive' ? limit : inconclusive('Unknown: no burst reached a limit.');
  });
}

function judgeRetryAfter(wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit): Judgement {
  const exchange = exchangeOf(wire, limited.exchange);
  const sent = answerOf(wire, limited.exchange)?.headers['retry-after'];
  if (sent === undefined)
    return fail(`${summary(exchange)}. The response has no Retry-After header.`, exchange);
  if (limited.retryAfterSeconds === null) {
    return fail(`${summary(exchange)}. Its Retry-After is neither seconds nor a date: "${sent}".`, exchange);
  }
  const recovery = judgeRecovery(wire, burst, limited);
  if (recovery.verdict === 'fail') return recovery;
  const unchecked = recovery.verdict === 'pass' ? '' : ' Whether the limit ends then is unknown.';
  return pass(`${summary(exchange)} with Retry-After: ${sent}.${unchecked}`, exchange);
}

function judgeRecovery(wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit): Judgement {
  const after = burst.followUps.find(({ kind }) => kind === 'recovered');
  if (after === undefined) {
    return inconclusive(
      limited.retryAfterSeconds === null
        ? 'When the limit ends is unknown: the refusal has no readable Retry-After.'
        : `Retry-After asks for ${limited.retryAfterSeconds} s, longer than the audit waits. ${shortenWindow}`,
    );
  }
  const exchange = exchangeOf(wire, after.exchange);
  const simulated = after.clock === 'simulated';
  const waited = `${seconds(after.waitedMs)} ${simulated ? 'later on a simulated clock' : 'after the last refusal'}, as Retry-After asked: ${summary(exchange)}.`;
  const result = resultOf(wire, burst, after);
  if (result === 'served') return pass(`${waited} The server served the client again.`, exchange);
  if (result === 'other') return inconclusive(`${waited} The server neither served nor limited the client.`);
  if (!simulated) return fail(`${waited} The server still limited the client.`, exchange);
  return inconclusive(
    `${waited} A limit that counts with timers or in its own store ignores this clock. ${shortenWindow}`,
  );
}
