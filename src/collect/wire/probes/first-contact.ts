import type { FailureReason } from '../../../evidence/exchange.ts';
import type { ClientAttempt } from '../../../evidence/wire.ts';
import { attemptConnection } from '../mcp/official-clients.ts';
import { streamHeaders } from '../mcp/requests.ts';
import type { ClientKind } from '../mcp/sdk-clients.ts';
import { withCredential } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';

const modernClient: ClientKind = { client: 'sdk-v2', transport: 'streamable-http', era: 'modern' };
const earlierClient: ClientKind = { client: 'sdk-v1', transport: 'streamable-http', era: 'legacy' };

/** Nothing else that is sent there could fare better. */
const final: FailureReason[] = ['refused', 'unreachable', 'unknown-host', 'tls', 'budget', 'blocked'];

export interface FirstContact {
  attempts: ClientAttempt[];
  /** Why nothing more needs to be tried, when no answer came at all. */
  unreachable: string | undefined;
}

/**
 * Lets the newest client connect to the URL as the user named it. When it gets no answer, the reason decides whether
 * there is a server at all: a server may be silent to what it does not know, so the oldest request and a plain GET
 * are tried before it is given up. A server that never answers costs two timeouts.
 */
export async function makeContact(run: Run): Promise<FirstContact> {
  const { url } = run.options;
  const first = await attemptConnection(run, modernClient, url);
  if (first === undefined) return { attempts: [], unreachable: undefined };
  const silence = silenceOf(first);
  if (silence === undefined) return { attempts: [first], unreachable: undefined };
  if (final.includes(silence.reason)) return { attempts: [first], unreachable: silence.message };

  const [second, stream] = await together([
    attemptConnection(run, earlierClient, url),
    run.prober.probe({
      purpose: `event stream ${withCredential(run, 'given')}, after a request got no answer`,
      method: 'GET',
      url,
      credential: 'given',
      headers: streamHeaders,
      patienceMs: 0,
    }),
  ]);
  const attempts = second === undefined ? [first] : [first, second];
  const outcome = stream?.exchange.outcome;
  const answered =
    (outcome?.kind === 'answer' && outcome.bodyEnd !== 'cut') ||
    (second !== undefined && silenceOf(second) === undefined);
  return { attempts, unreachable: answered ? undefined : silence.message };
}

/** Why no answer came, or none that ended in time. */
function silenceOf({ outcome }: ClientAttempt): { reason: FailureReason; message: string } | undefined {
  if (outcome.connected) return undefined;
  const { reason, message } = outcome;
  return reason === 'http' || reason === 'not-mcp' || reason === 'mcp-error'
    ? undefined
    : { reason, message };
}
