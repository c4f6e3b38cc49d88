import type { BurstEvidence, BurstLimit, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeArrays } from './array-limit.ts';
import { judgeLimit } from './burst-limit.ts';
import { judgeForgeries, judgeOthers } from './limited-clients.ts';
import { fateOf } from './limits.ts';
import { inLab } from './rate-limit.ts';
import { remedies } from './remedies.ts';

export const rateLimiting: Row = {
  id: 'rate-limiting',
  title: 'Per-client rate limiting',
  category: 'Security',
  level: 'required',
  why: 'One client in a loop takes the server, and your upstream quota, from everybody else.',
  fix: 'Count requests per authenticated client, answer 429 with a true Retry-After, and do not take the client from a forwarded header that anybody can write.',
  basis: [
    'Production readiness: Rate Limiting (60 requests per 60 s)',
    'MCP 2025-03-26, "Sending Messages to the Server" (JSON-RPC arrays, which later revisions do not have)',
    'RFC 6585 section 4 (429)',
    'RFC 9110 section 10.2.3 (Retry-After)',
  ],
  remedies,
  only: { transport: 'http', because: 'the client that starts it is the only one that it has' },
  headline: 'per-client',
  criteria: [
    {
      id: 'limited',
      kind: 'core',
      title: 'A burst meets 429, or a JSON-RPC error that says so',
      proven: inLab(judgeLimit),
      observed: judgeLimit,
    },
    {
      id: 'retry-after',
      kind: 'extra',
      title: 'The refusal says in Retry-After when to come back',
      fix: 'Send Retry-After with every 429, in whole seconds rounded up, until the client is served again.',
      proven: inLab((wire) => afterLimit(wire, judgeRetryAfter)),
      observed: (wire) => afterLimit(wire, judgeRetryAfter),
    },
    {
      id: 'per-client',
      kind: 'core',
      title: 'Another client is unaffected',
      proven: inLab((wire) => afterLimit(wire, judgeOthers)),
      observed: (wire) => afterLimit(wire, judgeOthers),
    },
    {
      id: 'unforgeable',
      kind: 'core',
      title: 'A forged X-Forwarded-For does not reset the count',
      fix: 'Take the client from its credential or from the connection, and from a forwarding header only where your own proxy wrote it.',
      proven: inLab((wire) => afterLimit(wire, judgeForgeries)),
      observed: (wire) => afterLimit(wire, judgeForgeries),
    },
    {
      id: 'counts-calls',
      kind: 'core',
      title: 'A JSON-RPC array does not pass the limit',
      supporting: true,
      fix: 'Refuse JSON-RPC arrays with 400 and error -32600, or count each of their messages, before any is served.',
      proven: inLab(judgeArrays),
      observed: judgeArrays,
    },
    {
      id: 'recovers',
      kind: 'core',
      title: 'The limit recovers when Retry-After says',
      proven: inLab((wire) => afterLimit(wire, judgeRecovery)),
      observed: (wire) => afterLimit(wire, judgeRecovery),
    },
  ],
};

type Judge = (wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit) => Judgement;

/** What can be judged only after a burst has met its limit. */
function afterLimit(wire: WireEvidence, judge: Judge): Judgement {
  const { burst } = wire;
  if (burst?.limited) return judge(wire, burst, burst.limited);
  return inconclusive('No burst met a limit, so nothing that follows one could be seen.');
}

function judgeRetryAfter(wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit): Judgement {
  const exchange = exchangeOf(wire, limited.exchange);
  const sent = answerOf(wire, limited.exchange)?.headers['retry-after'];
  if (sent === undefined) return fail(`${summary(exchange)}, without Retry-After.`, exchange);
  if (limited.retryAfterSeconds === null) {
    return fail(
      `${summary(exchange)}, with a Retry-After that is neither seconds nor a date: "${sent}".`,
      exchange,
    );
  }
  const recovery = judgeRecovery(wire, burst, limited);
  if (recovery.verdict === 'fail') return recovery;
  const kept = recovery.verdict === 'pass' ? '' : ' Whether it is true was not waited for.';
  return pass(`${summary(exchange)}, with Retry-After: ${sent}.${kept}`, exchange);
}

function judgeRecovery(wire: WireEvidence, burst: BurstEvidence, limited: BurstLimit): Judgement {
  const after = burst.followUps.find(({ kind }) => kind === 'recovered');
  if (after === undefined) {
    return inconclusive(
      limited.retryAfterSeconds === null
        ? 'The refusal did not say when to come back.'
        : `Retry-After asked for ${limited.retryAfterSeconds} s, longer than is waited for. Make the window short for the audit; in the lab, by the variables in "limits".`,
    );
  }
  const exchange = exchangeOf(wire, after.exchange);
  const simulated = after.clock === 'simulated';
  const waited = `${(after.waitedMs / 1000).toFixed(1)} s ${simulated ? 'later by a simulated clock' : 'after the last refusal'}, as Retry-After had asked: ${summary(exchange)}.`;
  const fate = fateOf(wire, burst, after);
  if (fate === 'served') return pass(waited, exchange);
  if (fate === 'other') return inconclusive(waited);
  if (!simulated) return fail(waited, exchange);
  return inconclusive(
    `${waited} A limit that counts with timers or in a store of its own does not see that clock: name variables that make its window short in "limits".`,
  );
}
