import type { Credential } from '../../../evidence/exchange.ts';
import type { AccessOperation, AccessProbe, Era } from '../../../evidence/wire.ts';
import { type Session, sessionHeaders, streamHeaders } from '../../../protocol/messages.ts';
import { beginSession, endSession, initialize, withCredential } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';
import type { Found } from './endpoints.ts';
import type { Seen } from './probe.ts';

/** Milliseconds in which a Streamable HTTP stream may send a first event, for the record; most have none to send. */
const firstEventMs = 20;

export interface Tried {
  probe: AccessProbe;
  seen: Seen;
}

/** What the given credential opened on a Streamable HTTP endpoint, for the tries without it. */
export interface Opening {
  tried: Tried[];
  /** The eras that the endpoint serves, or both when it served neither. */
  eras: Era[];
  /** The era in which a request is known to get in. */
  served: Era | undefined;
  session: Session | undefined;
}

/** Tries every operation with the given credential. The session stays open until `endSession`. */
export async function tryGiven(run: Run, endpoint: Found): Promise<Opening> {
  const { url } = endpoint;
  const [initialized, discovered] = await together([
    endpoint.initialized === undefined
      ? initialize(run, url, 'given')
      : Promise.resolve(endpoint.initialized),
    discover(run, url, 'given'),
  ]);
  const session = await beginSession(run, url, 'given', initialized);
  const served: Era[] = [];
  if (initialized?.reply.kind === 'result') served.push('legacy');
  if (discovered?.reply.kind === 'result') served.push('modern');
  const eras: Era[] = served.length === 0 ? ['legacy', 'modern'] : served;
  const rest = await together([
    ...eras.map((era) => listTools(run, url, 'given', era, session)),
    openStream(run, url, 'given', session),
  ]);
  return {
    eras,
    served: served.at(-1),
    session,
    tried: [
      ...tried(run, 'initialize', 'given', initialized, 'legacy'),
      ...tried(run, 'discover', 'given', discovered, 'modern'),
      ...rest.flat(),
    ],
  };
}

/**
 * Tries every operation of the endpoint's eras with another credential. Where that gets no session of its own, it
 * tries the one that the given credential opened: whoever learns a session's id must not get in by it
 * (2025-11-25, "Security Best Practices", session hijacking).
 */
export async function tryOther(
  run: Run,
  endpoint: Found,
  credential: Credential,
  opening: Opening,
): Promise<Tried[]> {
  const { url } = endpoint;
  const { eras } = opening;
  const [initialized, discovered] = await together([
    eras.includes('legacy') ? initialize(run, url, credential) : Promise.resolve(undefined),
    eras.includes('modern') ? discover(run, url, credential) : Promise.resolve(undefined),
  ]);
  const own = await beginSession(run, url, credential, initialized);
  const session = own ?? opening.session;
  const rest = await together([
    ...eras.map((era) => listTools(run, url, credential, era, session)),
    openStream(run, url, credential, session),
  ]);
  await endSession(run, url, credential, own);
  return [
    ...tried(run, 'initialize', credential, initialized, 'legacy'),
    ...tried(run, 'discover', credential, discovered, 'modern'),
    ...rest.flat(),
  ];
}

function discover(run: Run, url: URL, credential: Credential): Promise<Seen | undefined> {
  return run.prober.probe({
    purpose: purpose(run, 'server/discover', credential),
    method: 'POST',
    url,
    credential,
    ...run.messages.modern('server/discover'),
  });
}

async function listTools(
  run: Run,
  url: URL,
  credential: Credential,
  era: Era,
  session: Session | undefined,
): Promise<Tried[]> {
  const seen = await run.prober.probe({
    purpose: `${purpose(run, 'tools/list', credential)} (${era})`,
    method: 'POST',
    url,
    credential,
    ...run.messages.inEra(era, 'tools/list', session),
  });
  return tried(run, 'list-tools', credential, seen, era);
}

async function openStream(
  run: Run,
  url: URL,
  credential: Credential,
  session: Session | undefined,
): Promise<Tried[]> {
  const seen = await run.prober.probe({
    purpose: purpose(run, 'event stream', credential),
    method: 'GET',
    url,
    credential,
    headers: { ...sessionHeaders(session), ...streamHeaders },
    patienceMs: firstEventMs,
  });
  return tried(run, 'open-stream', credential, seen);
}

export function tried(
  run: Run,
  operation: AccessOperation,
  credential: Credential,
  seen: Seen | undefined,
  era?: Era,
): Tried[] {
  if (seen === undefined) return [];
  return [
    {
      seen,
      probe: {
        operation,
        ...(era === undefined ? {} : { era }),
        credential: run.identity.carried(credential),
        exchange: seen.exchange.id,
        reply: seen.reply,
      },
    },
  ];
}

export function purpose(run: Run, what: string, credential: Credential): string {
  return `${what} ${withCredential(run, credential)}`;
}
