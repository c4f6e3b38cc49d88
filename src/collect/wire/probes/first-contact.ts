import type { FailureReason } from '../../../evidence/exchange.ts';
import type { ClientAttempt } from '../../../evidence/wire.ts';
import { streamHeaders } from '../../../protocol/messages.ts';
import { attemptConnection } from '../mcp/official-clients.ts';
import type { ClientKind } from '../mcp/sdk-clients.ts';
import { withCredential } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';
import type { Seen } from './probe.ts';

const modernClient: ClientKind = { client: 'sdk-v2', transport: 'streamable-http', era: 'modern' };
const earlierClient: ClientKind = { client: 'sdk-v1', transport: 'streamable-http', era: 'legacy' };

/** Nothing else that is sent there could fare better. */
const final: FailureReason[] = ['refused', 'unreachable', 'unknown-host', 'tls', 'budget', 'blocked'];

/** Shares of a request's time, once the first had no answer and once the second had none either. */
const secondShare = 0.6;
const laterShare = 0.2;
/** Milliseconds to wait for the first event of a stream. */
const eventMs = 2_000;

export interface FirstContact {
  attempts: ClientAttempt[];
  /** Why nothing more needs to be tried, when no answer came at all. */
  unreachable: string | undefined;
}

/**
 * Lets the newest client connect to the URL as the user named it. When it gets no answer, the reason decides whether
 * there is a server at all: a server may be silent to what it does not know, so the oldest request and a plain GET
 * are tried before it is given up, in less time. What answers in some way, but no client, is given less time from then on.
 */
export async function makeContact(run: Run): Promise<FirstContact> {
  const { url } = run.options;
  const first = await attemptConnection(run, modernClient, url);
  if (first === undefined) return { attempts: [], unreachable: undefined };
  const silence = silenceOf(first);
  if (silence === undefined) return { attempts: [first], unreachable: undefined };
  if (final.includes(silence.reason)) return { attempts: [first], unreachable: silence.message };

  run.recorder.hurry(secondShare);
  const [second, stream] = await together([
    attemptConnection(run, earlierClient, url),
    run.prober.probe({
      purpose: `event stream ${withCredential(run, 'given')}, after a request got no answer`,
      method: 'GET',
      url,
      credential: 'given',
      headers: streamHeaders,
      patienceMs: Math.min(eventMs, secondShare * run.options.timeoutMs),
    }),
  ]);
  const attempts = second === undefined ? [first] : [first, second];
  if (second !== undefined && silenceOf(second) === undefined) {
    run.recorder.hurry(1);
    return { attempts, unreachable: undefined };
  }
  run.recorder.hurry(laterShare);
  return { attempts, unreachable: isAnswer(stream) ? undefined : silence.message };
}

/** A stream that opens and then says nothing is as silent as one that never opens. */
function isAnswer(seen: Seen | undefined): boolean {
  const outcome = seen?.exchange.outcome;
  if (outcome?.kind !== 'answer' || outcome.bodyEnd === 'cut') return false;
  return seen?.reply.kind !== 'stream' || seen.event !== undefined;
}

/** Why no answer came, or none that ended in time. */
function silenceOf({ outcome }: ClientAttempt): { reason: FailureReason; message: string } | undefined {
  if (outcome.connected) return undefined;
  const { reason, message } = outcome;
  return reason === 'http' || reason === 'not-mcp' || reason === 'mcp-error'
    ? undefined
    : { reason, message };
}
