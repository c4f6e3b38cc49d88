import { postHeaders } from '../../../protocol/messages.ts';
import type { SentCredential } from '../http/identity.ts';
import { post, streamRequest } from '../mcp/requests.ts';
import type { Run } from '../run.ts';
import { type Tried, triedOperation } from './access.ts';
import type { Found } from './endpoints.ts';

/** Milliseconds for a POST to the message endpoint: some servers never answer one that they reject. */
const messageMs = 2_000;

/** The stream that one credential opened, kept open for messages to its session. */
export interface HeldStream {
  tried: Tried[];
  /** The URL for its messages; undefined when no `endpoint` event named one of the same origin. */
  messages: URL | undefined;
  leave: () => void;
}

/** Opens the event stream of an HTTP+SSE endpoint (2024-11-05, "HTTP with SSE") and waits for its `endpoint` event. */
export async function openHeldStream(
  run: Run,
  { url }: Found,
  credential: SentCredential,
): Promise<HeldStream> {
  const patienceMs = Math.min(messageMs, run.options.timeoutMs);
  const stream = await run.prober.hold(streamRequest(run, url, credential, patienceMs));
  const data = stream?.event?.type === 'endpoint' ? stream.event.data : undefined;
  const messages = data !== undefined && URL.canParse(data, url.href) ? new URL(data, url) : undefined;
  return {
    tried: triedOperation(run, 'open-stream', credential, stream),
    messages: messages?.origin === url.origin ? messages : undefined,
    leave: () => stream?.leave(),
  };
}

/** POSTs a `ping` to an open session: servers that look the session up first check no credentials without one. */
export async function postMessage(run: Run, url: URL, credential: SentCredential): Promise<Tried[]> {
  const { id, body } = run.messages.legacy('ping');
  const timeoutMs = Math.min(messageMs, run.options.timeoutMs);
  const message = { id, headers: postHeaders, body, timeoutMs };
  const result = await post(run, 'message to the open HTTP+SSE session', url, credential, message);
  return triedOperation(run, 'post-message', credential, result);
}
