import { setTimeout as delay } from 'node:timers/promises';
import type { StreamsEvidence } from '../../../evidence/wire.ts';
import { sessionHeaders, streamHeaders } from '../../../protocol/messages.ts';
import { isEventStream, type Opened, type Request } from '../http/recorder.ts';
import { type Run, together } from '../run.ts';
import { answered } from './answered.ts';
import type { CheapRequest } from './cheap-request.ts';
import type { EndpointAccess } from './endpoint-access.ts';
import type { Seen } from './probe.ts';

/** Several dozen, and as many as keep a client under sixty requests with what was asked before. */
const fewest = 24;
const most = 48;
const usualLimit = 60;
const atOnce = 12;
/** Milliseconds for one to open, and for those that the server has ended to be seen. */
const openMs = 2_000;
const endMs = 50;
/** And for the server to see that they were left. */
const afterMs = 250;
const enoughBytes = 64 * 1024;

/** A way to open a stream, in MCP's words, and the request for it. */
type Kind = { name: string; request: () => Omit<Request, 'purpose' | 'credential'> };

/**
 * Opens several dozen event streams and holds them, makes a call meanwhile, and leaves them all; where the call was not
 * answered, it is made again. The first way of opening one that the server knows is taken: `subscriptions/listen` (2026-07-28), the stream of
 * HTTP+SSE (2024-11-05), or GET on the endpoint of the legacy era.
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
    Math.max(fewest, usualLimit - 5 - answered(run.recorder.exchanges, run.identity.carried('given'))),
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
    if (!isStream(first)) {
      first.leave();
      continue;
    }
    return hold(cheap, { name, wanted, first, open });
  }
  return null;
}

async function hold(
  cheap: CheapRequest,
  {
    name,
    wanted,
    first,
    open,
  }: { name: string; wanted: number; first: Opened; open: (n: number) => Promise<Opened> },
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
    const afterwards = call !== undefined && cheap.isServed(call) ? undefined : await askAfterwards(cheap);
    return {
      request: name,
      wanted,
      opened: held.length,
      stayed,
      first: first.exchange.id,
      call: replyOf(call),
      callAfterwards: replyOf(afterwards),
      refused: refused?.exchange.id ?? null,
    };
  } finally {
    for (const one of held) one.leave();
  }
}

/** The server may need a moment to see that the streams are gone. */
async function askAfterwards(cheap: CheapRequest): Promise<Seen | undefined> {
  await delay(afterMs);
  return cheap.send({ purpose: `${cheap.name} after the streams were left` });
}

function kindsOf(run: Run, accessed: EndpointAccess[], cheap: CheapRequest): Kind[] {
  const kinds: Kind[] = [];
  const streamable = accessed.find(({ served }) => served !== undefined);
  const sse = accessed.find(({ endpoint }) => endpoint.transport === 'sse' && !endpoint.refused);
  if (streamable?.served === 'modern') {
    const name = 'subscriptions/listen';
    const asked = { notifications: { toolsListChanged: true } };
    kinds.push({
      name,
      request: () => ({
        method: 'POST',
        url: streamable.endpoint.url,
        ...run.messages.modern(name, undefined, asked),
      }),
    });
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

/** Reads what has come, for a moment: whether the server has left the stream open. Reading ends the exchange. */
async function isOpen(stream: Opened): Promise<boolean> {
  const timer = setTimeout(stream.leave, endMs);
  try {
    let bytes = 0;
    for await (const chunk of stream.body) {
      bytes += chunk.byteLength;
      if (bytes > enoughBytes) break;
    }
  } catch {
    // How it ended is in the exchange.
  } finally {
    clearTimeout(timer);
  }
  const { outcome } = stream.exchange;
  return outcome.kind === 'answer' && (outcome.bodyEnd === 'open' || outcome.bodyEnd === 'cut');
}

function replyOf(seen: Seen | undefined): StreamsEvidence['call'] {
  return seen === undefined ? null : { exchange: seen.exchange.id, reply: seen.reply };
}
