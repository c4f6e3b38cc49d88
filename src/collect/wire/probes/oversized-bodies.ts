import { Readable } from 'node:stream';
import type { Era, MalformedProbe } from '../../../evidence/wire.ts';
import type { Message, Session } from '../../../protocol/messages.ts';
import { isLoopback } from '../http/loopback.ts';
import { endSession, sessionOf } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import type { Probe, ProbeResult } from './probe.ts';

const bytesPerMib = 1024 * 1024;
const chunkBytes = 64 * 1024;
/** What the bytes replace in the message. */
const padding = 'PADDING';
/** The second follows on loopback only, where it costs no network. */
const sizesMib = [5, 64];

/**
 * Sends bodies until the server refuses one, each a valid request except for its size. In the legacy era the first is an
 * `initialize`, which needs no session. If it opens one, the second is a `ping` in it.
 */
export async function probeOversizedBodies(run: Run, url: URL, era: Era): Promise<MalformedProbe[]> {
  const probes: MalformedProbe[] = [];
  let session: Session | undefined;
  for (const sizeMib of sizesMib) {
    const { request, sentBytes } = oversized(padded(run, era, session), sizeMib);
    const result = await run.prober.probe({ method: 'POST', url, credential: 'given', ...request });
    if (result === undefined) break;
    const body = { bytes: request.body.bytes, sentBytes: sentBytes() };
    probes.push({ kind: 'oversized-body', exchange: result.exchange.id, reply: result.reply, body });
    session ??= era === 'legacy' ? sessionOf(result) : undefined;
    const read = body.sentBytes === body.bytes && mayHaveRead(result);
    if (!read || !isLoopback(run.options.url, run.connection.address())) break;
  }
  await endSession(run, url, 'given', session);
  return probes;
}

function padded({ messages }: Run, era: Era, session: Session | undefined): Message {
  if (era === 'modern') return messages.modern('tools/list', undefined, { padding });
  return session?.id === undefined
    ? messages.initialize({ padding })
    : messages.legacy('ping', session, { padding });
}

/** Whether the response is no refusal of the size, of the credential or of any request. */
const mayHaveRead = ({ answer }: ProbeResult): boolean =>
  answer !== undefined && ![401, 403, 413, 429, 502, 503, 504].includes(answer.status);

/** A request whose body is sent in pieces: the server can answer before its end, and memory holds one piece. */
function oversized(message: Message, sizeMib: number) {
  const [before = '', after = ''] = message.body.split(`${padding}"`);
  const filler = Buffer.alloc(chunkBytes, 'a');
  const paddingBytes = sizeMib * bytesPerMib;
  let sentBytes = 0;
  function* pieces() {
    sentBytes = 0;
    for (const piece of filled()) {
      sentBytes += piece.byteLength;
      yield piece;
    }
  }
  function* filled() {
    yield Buffer.from(before);
    for (let sent = 0; sent < paddingBytes; sent += chunkBytes) yield filler;
    yield Buffer.from(`"${after}`);
  }
  const request = {
    purpose: `a body of ${sizeMib} MiB`,
    id: message.id,
    headers: message.headers,
    body: {
      stream: () => Readable.from(pieces(), { highWaterMark: 1 }).on('error', () => {}),
      bytes: Buffer.byteLength(before) + paddingBytes + Buffer.byteLength(after) + 1,
      description: `${before}… ${sizeMib} MiB of "a" …"${after}`,
    },
  } satisfies Partial<Probe>;
  return { request, sentBytes: () => sentBytes };
}
