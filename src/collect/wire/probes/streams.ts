import { setTimeout as delay } from 'node:timers/promises';
import type { StreamsEvidence } from '../../../evidence/wire.ts';
import { sessionHeaders, streamHeaders } from '../../../protocol/messages.ts';
import { recorded } from '../http/identity.ts';
import { isEventStream, type Opened, type Request } from '../http/recorder.ts';
import { type Run, together } from '../run.ts';
import type { CheapRequest } from './cheap-request.ts';
import { countAnswers } from './count-answers.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { ProbeResult } from './probe.ts';

/** Several dozen, but at most sixty requests together with those before. */
const fewest = 24;
const most = 48;
const usualLimit = 60;
const atOnce = 12;
/** Milliseconds for a stream to open, and to notice that the server ended it. */
const openMs = 2_000;
const endMs = 50;
/** Milliseconds for the server to notice that the client closed them. */
const afterMs = 250;
const enoughBytes = 64 * 1024;

/** A way to open a stream, in MCP's words, and the request for it. */
type Kind = { name: string; request: () => Omit<Request, 'purpose' | 'credential'> };

/**
 * Opens several dozen event streams, makes a call meanwhile, and closes them. If the server did not serve the call, it is made
 * again. The streams are the first kind that the server offers: `subscriptions/listen` (2026-07-28), the stream of HTTP+SSE
 * (2024-11-05), or GET on the endpoint of the legacy era.
 *
 * @returns null when the server opens no stream
 */
export async function probeStreams(
  run: Run,
  accessed: EndpointAccess[],
  cheap: CheapRequest,
): Promise<StreamsEvidence | null> {
  const wanted = Math.min(
    most,
    Math.max(
      fewest,
      usualLimit - 5 - countAnswers(run.recorder.exchanges, recorded(run.identity.carried('given'))),
    ),
  );
  for (const { name, request } of kindsOf(run, accessed, cheap)) {
    const open = (n: number) =>
      run.recorder.open({
        ...request(),
        purpose: `${name}, stream ${n} of ${wanted}`,
        credential: 'given',
        gate: run.gate,
        untimedStream: true,
        timeoutMs: Math.min(openMs, run.options.timeoutMs),
      });
    const first = await open(1);
    if (isStream(first)) return hold(cheap, name, wanted, first, open);
    first.leave();
  }
  return null;
}

async function hold(
  cheap: CheapRequest,
  name: string,
  wanted: number,
  first: Opened,
  open: (n: number) => Promise<Opened>,
): Promise<StreamsEvidence> {
  const held = [first];
  let refused: Opened | undefined;
  try {
    while (held.length < wanted && refused === undefined) {
      const count = Math.min(atOnce, wanted - held.length);
      const opening = await together(Array.from({ length: count }, (_, n) => open(held.length + n + 1)));
      refused = opening.find((one) => !isStream(one));
      for (const one of opening) if (!isStream(one)) one.leave();
      held.push(...opening.filter(isStream));
    }
    const call = await cheap.send({ purpose: `${cheap.name} while ${held.length} streams are open` });
    const stayed = (await together(held.map(isOpen))).filter(Boolean).length;
    for (const one of held) one.leave();
    const isServed = call !== undefined && cheap.isServed(call);
    // The server may need a moment to notice the closed streams.
    if (!isServed) await delay(afterMs);
    const repeated = isServed
      ? undefined
      : await cheap.send({ purpose: `${cheap.name} after the streams were closed` });
    return {
      request: name,
      wanted,
      opened: held.length,
      stayed,
      first: first.exchange.id,
      call: replyOf(call),
      callAfterwards: replyOf(repeated),
      refused: refused?.exchange.id ?? null,
    };
  } finally {
    for (const one of held) one.leave();
  }
}

function kindsOf(run: Run, accessed: EndpointAccess[], cheap: CheapRequest): Kind[] {
  const kinds: Kind[] = [];
  const streamable = accessed.find(({ served }) => served !== undefined);
  const sse = accessed.find(({ endpoint }) => endpoint.transport === 'sse' && !endpoint.refused);
  if (streamable?.served === 'modern') {
    const name = 'subscriptions/listen';
    const { url } = streamable.endpoint;
    const message = () => run.messages.modern(name, undefined, { notifications: { toolsListChanged: true } });
    kinds.push({ name, request: () => ({ method: 'POST', url, ...message() }) });
  }
  const get = (url: URL, headers: Record<string, string>): Kind => ({
    name: `GET ${url.pathname}`,
    request: () => ({ method: 'GET', url, headers: { ...headers, ...streamHeaders } }),
  });
  if (sse !== undefined) kinds.push(get(sse.endpoint.url, {}));
  if (streamable?.served === 'legacy') {
    kinds.push(get(streamable.endpoint.url, sessionHeaders(cheap.session)));
  }
  return kinds;
}

function isStream({ answer }: Opened): boolean {
  return answer !== undefined && answer.status === 200 && isEventStream(answer.headers);
}

/** Whether the server kept the stream open. Reading ends the exchange. */
async function isOpen(stream: Opened): Promise<boolean> {
  const timer = setTimeout(stream.leave, endMs);
  try {
    let bytes = 0;
    for await (const chunk of stream.body) {
      bytes += chunk.byteLength;
      if (bytes > enoughBytes) break;
    }
  } catch {
    // The exchange records how the stream ended.
  } finally {
    clearTimeout(timer);
  }
  const { outcome } = stream.exchange;
  return outcome.kind === 'answer' && (outcome.bodyEnd === 'open' || outcome.bodyEnd === 'cut');
}

function replyOf(result: ProbeResult | undefined): StreamsEvidence['call'] {
  return result === undefined ? null : { exchange: result.exchange.id, reply: result.reply };
}
