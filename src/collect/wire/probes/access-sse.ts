import type { Credential } from '../../../evidence/exchange.ts';
import { postHeaders, streamHeaders } from '../../../protocol/messages.ts';
import type { Run } from '../run.ts';
import { purpose, type Tried, tried } from './access.ts';
import type { Found } from './endpoints.ts';

/** Milliseconds for a POST to the message endpoint: some servers never answer one that they do not like. */
const messageMs = 2_000;

/** The stream that one credential opened, kept open so that messages can be sent to its session. */
export interface HeldStream {
  tried: Tried[];
  /** Where its messages go; undefined when no `endpoint` event named a URL of the same origin. */
  messages: URL | undefined;
  leave: () => void;
}

/** Opens the event stream of an HTTP+SSE endpoint (2024-11-05, "HTTP with SSE") and waits for its `endpoint` event. */
export async function openHeldStream(run: Run, endpoint: Found, credential: Credential): Promise<HeldStream> {
  const seen = await run.prober.hold({
    purpose: purpose(run, 'event stream', credential),
    method: 'GET',
    url: endpoint.url,
    credential,
    headers: streamHeaders,
    patienceMs: Math.min(messageMs, run.options.timeoutMs),
  });
  const data = seen?.event?.type === 'endpoint' ? seen.event.data : undefined;
  const url =
    data !== undefined && URL.canParse(data, endpoint.url.href) ? new URL(data, endpoint.url) : undefined;
  return {
    tried: tried(run, 'open-stream', credential, seen),
    messages: url?.origin === endpoint.url.origin ? url : undefined,
    leave: () => seen?.leave(),
  };
}

/**
 * POSTs a `ping` to the message endpoint of an open session. The session is one that really exists, because servers
 * that look it up first say nothing about credentials when it does not.
 */
export async function postMessage(run: Run, url: URL, credential: Credential): Promise<Tried[]> {
  const { id, body } = run.messages.legacy('ping');
  const seen = await run.prober.probe({
    purpose: purpose(run, 'message to the open HTTP+SSE session', credential),
    method: 'POST',
    url,
    credential,
    id,
    headers: postHeaders,
    body,
    timeoutMs: Math.min(messageMs, run.options.timeoutMs),
  });
  return tried(run, 'post-message', credential, seen);
}
