import type { AccessOperation, AccessProbe, Era } from '../../../evidence/wire.ts';
import { type Session, sessionHeaders } from '../../../protocol/messages.ts';
import { recorded, type SentCredential } from '../http/identity.ts';
import { post, streamRequest } from '../mcp/requests.ts';
import { beginSession, endSession, initialize } from '../mcp/sessions.ts';
import { type Run, together } from '../run.ts';
import type { Found } from './endpoints.ts';
import type { ProbeResult } from './probe.ts';

/** Milliseconds for the first event of a Streamable HTTP stream; most streams have none to send. */
const firstEventMs = 20;
const bothEras: Era[] = ['legacy', 'modern'];

export interface Tried {
  probe: AccessProbe;
  result: ProbeResult;
}

/** What the given credential opened on a Streamable HTTP endpoint, for the tries without it. */
export interface Opening {
  tried: Tried[];
  /** The eras that the endpoint serves, or both when it served neither. */
  eras: Era[];
  /** The era in which the server serves a request. */
  served: Era | undefined;
  session: Session | undefined;
}

/** Tries every operation with the given credential. The session stays open until `endSession`. */
export async function tryGiven(run: Run, { url, initialized: before }: Found): Promise<Opening> {
  const [initialized, discovered] = await together([
    before === undefined ? initialize(run, url, 'given') : Promise.resolve(before),
    discover(run, url, 'given'),
  ]);
  const session = await beginSession(run, url, 'given', initialized);
  const results = { legacy: initialized, modern: discovered };
  const served = bothEras.filter((era) => results[era]?.reply.kind === 'result');
  const eras = served.length === 0 ? bothEras : served;
  const tried = [
    ...triedFirst(run, 'given', initialized, discovered),
    ...(await tryLists(run, url, 'given', eras, session)),
  ];
  return { eras, served: served.at(-1), session, tried };
}

/**
 * Tries every operation of the endpoint's eras with another credential. Where the server opens no session for it, the probe
 * uses the given credential's session: its id alone must not give access (2025-11-25, "Security Best Practices").
 */
export async function tryOther(
  run: Run,
  { url }: Found,
  credential: SentCredential,
  { eras, session }: Opening,
): Promise<Tried[]> {
  const [initialized, discovered] = await together([
    eras.includes('legacy') ? initialize(run, url, credential) : Promise.resolve(undefined),
    eras.includes('modern') ? discover(run, url, credential) : Promise.resolve(undefined),
  ]);
  const own = await beginSession(run, url, credential, initialized);
  const lists = await tryLists(run, url, credential, eras, own ?? session);
  await endSession(run, url, credential, own);
  return [...triedFirst(run, credential, initialized, discovered), ...lists];
}

export function discover(run: Run, url: URL, credential: SentCredential): Promise<ProbeResult | undefined> {
  return post(run, 'server/discover', url, credential, run.messages.modern('server/discover'));
}

function triedFirst(
  run: Run,
  credential: SentCredential,
  initialized: ProbeResult | undefined,
  discovered: ProbeResult | undefined,
): Tried[] {
  return [
    ...triedOperation(run, 'initialize', credential, initialized, 'legacy'),
    ...triedOperation(run, 'discover', credential, discovered, 'modern'),
  ];
}

/** Lists the tools in each era and opens the event stream. */
async function tryLists(
  run: Run,
  url: URL,
  credential: SentCredential,
  eras: Era[],
  session: Session | undefined,
): Promise<Tried[]> {
  const list = async (era: Era) => {
    const message = run.messages.inEra(era, 'tools/list', session);
    const result = await post(run, 'tools/list', url, credential, message, ` (${era})`);
    return triedOperation(run, 'list-tools', credential, result, era);
  };
  const stream = async () => {
    const request = streamRequest(run, url, credential, firstEventMs);
    const headers = { ...sessionHeaders(session), ...request.headers };
    const result = await run.prober.probe({ ...request, headers });
    return triedOperation(run, 'open-stream', credential, result);
  };
  return (await together([...eras.map(list), stream()])).flat();
}

/** The operation with its result. Empty when it was not sent. */
export function triedOperation(
  run: Run,
  operation: AccessOperation,
  credential: SentCredential,
  result: ProbeResult | undefined,
  era?: Era,
): Tried[] {
  if (result === undefined) return [];
  const derived =
    credential === 'prefix' || credential === 'extended' ? run.identity.lengths(credential) : undefined;
  const probe = {
    operation,
    ...(era === undefined ? {} : { era }),
    credential: recorded(run.identity.carried(credential)),
    ...(derived === undefined ? {} : { derived }),
    exchange: result.exchange.id,
    reply: result.reply,
  };
  return [{ result, probe }];
}
