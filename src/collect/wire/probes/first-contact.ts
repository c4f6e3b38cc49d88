import type { FailureReason } from '../../../evidence/exchange.ts';
import type { ClientAttempt } from '../../../evidence/wire.ts';
import { attemptConnection } from '../mcp/official-clients.ts';
import { streamRequest } from '../mcp/requests.ts';
import { currentClient, earlierClient } from '../mcp/sdk-clients.ts';
import { type Run, together } from '../run.ts';
import type { ProbeResult } from './probe.ts';

/** Any other request would fail in the same way. */
const finalReasons: FailureReason[] = ['refused', 'unreachable', 'unknown-host', 'tls', 'budget', 'blocked'];

/** Shares of a request's time, after the first got no answer and after the second got none. */
const secondShare = 0.6;
const laterShare = 0.2;
/** Milliseconds to wait for the first event of a stream. */
const eventMs = 2_000;

export interface FirstContact {
  attempts: ClientAttempt[];
  /** Why no other probe makes sense, when no answer came at all. */
  unreachable: string | undefined;
}

/**
 * Lets the current client connect to the URL that the user named. A server may leave an unknown request unanswered, so the
 * oldest request and a plain GET follow, with less time. A server that answers no client gets less time from then on. One that
 * answers the older client gets the current one again: the first request may have met a slow start.
 */
export async function makeContact(run: Run): Promise<FirstContact> {
  const { url } = run.options;
  const first = await attemptConnection(run, currentClient, url);
  if (first === undefined) return { attempts: [], unreachable: undefined };
  const missing = missingAnswer(first);
  if (missing === undefined) return { attempts: [first], unreachable: undefined };
  if (finalReasons.includes(missing.reason)) return { attempts: [first], unreachable: missing.message };

  run.recorder.shortenTimeouts(secondShare);
  const patienceMs = Math.min(eventMs, secondShare * run.options.timeoutMs);
  const request = streamRequest(run, url, 'given', patienceMs);
  const [second, stream] = await together([
    attemptConnection(run, earlierClient, url),
    run.prober.probe({ ...request, purpose: `${request.purpose}, after a request got no answer` }),
  ]);
  const attempts = second === undefined ? [first] : [first, second];
  if (second !== undefined && missingAnswer(second) === undefined) {
    const again = await attemptConnection(run, currentClient, url);
    run.recorder.shortenTimeouts(1);
    return { attempts: again === undefined ? attempts : [...attempts, again], unreachable: undefined };
  }
  run.recorder.shortenTimeouts(laterShare);
  return { attempts, unreachable: isAnswer(stream) ? undefined : missing.message };
}

/** A stream without an event is no answer. */
function isAnswer(result: ProbeResult | undefined): boolean {
  const outcome = result?.exchange.outcome;
  if (outcome?.kind !== 'answer' || outcome.bodyEnd === 'cut') return false;
  return result?.reply.kind !== 'stream' || result.event !== undefined;
}

/** Why no answer came, or none that ended in time. */
function missingAnswer({ outcome }: ClientAttempt): { reason: FailureReason; message: string } | undefined {
  if (outcome.connected) return undefined;
  const { reason, message } = outcome;
  return reason === 'http' || reason === 'not-mcp' || reason === 'mcp-error'
    ? undefined
    : { reason, message };
}
