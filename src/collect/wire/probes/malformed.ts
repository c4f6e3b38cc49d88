import { Readable } from 'node:stream';
import type { Era, MalformedProbe } from '../../../evidence/wire.ts';
import type { Session } from '../../../protocol/messages.ts';
import { endSession, sessionOf } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import type { Probe } from './probe.ts';

const oversizedBytes = 5 * 1024 * 1024;
const chunkBytes = 64 * 1024;
const unknownRevision = '1999-01-01';
const kinds = ['unknown-method', 'oversized-body', 'unsupported-version', 'broken-json'] as const;
const unknownMethod = 'mcp-prod/no-such-method';

/**
 * Sends four malformed requests one after the other, with the given credential and in its session: many servers look up the
 * session first. Truncated JSON is last, because some servers lose the session over it. The oversized body is not last, so that
 * the next probe shows whether the server survived it. In the legacy era it is an `initialize`, which needs no session.
 *
 * @param served the era in which the given credential gets in; undefined when it does not
 */
export async function probeMalformed(
  run: Run,
  url: URL,
  served: Era | undefined,
  session: Session | undefined,
): Promise<MalformedProbe[]> {
  const era = served ?? 'legacy';
  const probes: MalformedProbe[] = [];
  for (const kind of kinds) {
    const result = await run.prober.probe({
      method: 'POST',
      url,
      credential: 'given',
      ...malformed(run, kind, era, session),
    });
    if (result === undefined) continue;
    probes.push({ kind, exchange: result.exchange.id, reply: result.reply });
    if (kind === 'oversized-body') await endSession(run, url, 'given', sessionOf(result));
  }
  return probes;
}

function malformed(
  run: Run,
  kind: MalformedProbe['kind'],
  era: Era,
  session: Session | undefined,
): Pick<Probe, 'purpose' | 'headers' | 'body' | 'id'> {
  const { messages } = run;
  switch (kind) {
    case 'broken-json': {
      const whole = messages.inEra(era, 'tools/list', session);
      return { purpose: 'truncated JSON', headers: whole.headers, body: whole.body.slice(0, -12) };
    }
    case 'unknown-method':
      return { purpose: 'an unknown method', ...messages.inEra(era, unknownMethod, session) };
    case 'unsupported-version':
      return {
        purpose: 'an unsupported protocol version',
        ...(era === 'modern'
          ? messages.modern('tools/list', unknownRevision)
          : messages.legacy('tools/list', { id: session?.id, revision: unknownRevision })),
      };
    case 'oversized-body':
      return { purpose: 'a body of 5 MiB', ...oversized(run, era) };
  }
}

/** A valid request except for its size, sent in pieces so that the server can answer before the end. */
function oversized(run: Run, era: Era): Pick<Probe, 'headers' | 'body' | 'id'> {
  const padding = 'PADDING';
  const message =
    era === 'modern'
      ? run.messages.modern('tools/list', undefined, { padding })
      : run.messages.initialize({ padding });
  const [before = '', after = ''] = message.body.split(`${padding}"`);
  const filler = Buffer.alloc(chunkBytes, 'a');
  function* pieces() {
    yield Buffer.from(before);
    for (let sent = 0; sent < oversizedBytes; sent += chunkBytes) yield filler;
    yield Buffer.from(`"${after}`);
  }
  return {
    id: message.id,
    headers: message.headers,
    body: {
      stream: () => Readable.from(pieces()).on('error', () => {}),
      bytes: Buffer.byteLength(before) + oversizedBytes + Buffer.byteLength(after) + 1,
      description: `${before}… 5 MiB of "a" …"${after}`,
    },
  };
}
