import type { Era, MalformedProbe } from '../../../evidence/wire.ts';
import type { Session } from '../../../protocol/messages.ts';
import type { Run } from '../run.ts';
import { probeOversizedBodies } from './oversized-bodies.ts';
import type { Probe } from './probe.ts';

const unknownRevision = '1999-01-01';
const kinds = ['unknown-method', 'oversized-body', 'unsupported-version', 'broken-json'] as const;
const unknownMethod = 'mcp-prod/no-such-method';

/**
 * Sends malformed requests one after the other, with the given credential and in its session: many servers look up the session
 * first. Truncated JSON is last, because some servers lose the session over it. Oversized bodies are not last: the next probe
 * shows whether the server survived them.
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
    if (kind === 'oversized-body') {
      probes.push(...(await probeOversizedBodies(run, url, era)));
      continue;
    }
    const result = await run.prober.probe({
      method: 'POST',
      url,
      credential: 'given',
      ...malformed(run, kind, era, session),
    });
    if (result === undefined) continue;
    probes.push({ kind, exchange: result.exchange.id, reply: result.reply });
  }
  return probes;
}

function malformed(
  run: Run,
  kind: Exclude<(typeof kinds)[number], 'oversized-body'>,
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
  }
}
