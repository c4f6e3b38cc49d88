import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Credential } from '../../../evidence/exchange.ts';
import type { BurstFollowUp, ForwardingHeader } from '../../../evidence/wire.ts';
import { isLoopback } from '../http/loopback.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import type { Elapsed } from '../options.ts';
import { type Run, through, together } from '../run.ts';
import { answered } from './answered.ts';
import type { Asked, CheapRequest, OpenFor } from './cheap-request.ts';
import type { Seen } from './probe.ts';

/** The longest `Retry-After` that is waited for, in milliseconds, and what is added for clocks that are not exact. */
const longestWaitMs = 2_000;
const graceMs = 100;
const maxSeries = 120;
const shortSeries = 4;
const controls = 3;
const atOnce = 10;
/** The whole of 127.0.0.0/8 is this machine's on Linux, so a request can come from another address of it. */
const secondAddress = '127.0.0.2';
const headers: ForwardingHeader[] = ['x-forwarded-for', 'x-real-ip', 'forwarded'];

/**
 * What a limit means: whether others are served meanwhile, whether made-up addresses get around it, and whether it ends
 * when the server said. Others come first, for a short window may be over soon. The wait comes last and is counted from the latest refusal, for a refused request may extend it.
 *
 * @param refused the first refusal
 * @param openFor opens the same request for another client
 */
export async function followUp(
  run: Run,
  cheap: CheapRequest,
  refused: Seen,
  openFor: OpenFor,
): Promise<BurstFollowUp[]> {
  const followUps: BurstFollowUp[] = [];
  let latest = refused;
  const ask = async (
    kind: BurstFollowUp['kind'],
    asked: Asked,
    facts: Omit<BurstFollowUp, 'kind' | 'exchange' | 'reply' | 'waitedMs'> & { waitedMs?: number } = {},
    by: Pick<CheapRequest, 'send'> = cheap,
  ) => {
    const seen = await by.send(asked);
    if (seen === undefined) return undefined;
    if (seen.answer?.status === 429 && facts.from === undefined) latest = seen;
    followUps.push({ kind, exchange: seen.exchange.id, reply: seen.reply, waitedMs: 0, ...facts });
    return seen;
  };
  const forge = (header: ForwardingHeader) =>
    ask(
      'forged-address',
      { purpose: `burst: limited, with ${header} made up`, headers: { [header]: forged(run, header) } },
      { header },
    );

  for (const { credential, from } of others(run)) {
    const connection = from === undefined ? undefined : run.connect({ localAddress: from });
    const asking = connection === undefined ? run : through(run, connection);
    try {
      // A client with a credential of its own has a session of its own too: servers bind sessions to credentials.
      const theirs = credential === 'other' ? await openFor(asking, credential) : undefined;
      const by =
        theirs === undefined
          ? cheap
          : 'cheap' in theirs
            ? theirs.cheap
            : { send: async () => theirs.refused };
      const seen = await ask(
        'second-client',
        {
          purpose: `burst: another client${from === undefined ? '' : `, from ${from}`}`,
          credential,
          ...(connection === undefined ? {} : { connection }),
        },
        from === undefined ? {} : { from },
        by,
      );
      if (theirs !== undefined && 'cheap' in theirs) await theirs.cheap.close();
      // Whoever was served may have met a window that had just ended.
      if (seen !== undefined && cheap.isServed(seen)) {
        await ask('first-client', { purpose: 'burst: the limited client again' });
      }
    } finally {
      await connection?.close();
    }
  }

  for (const header of headers) {
    const seen = await forge(header);
    if (seen === undefined || !cheap.isServed(seen)) continue;
    const series = seriesLength(run, header);
    let refusedAgain = false;
    for (let sent = 1; sent < series && !refusedAgain; sent += atOnce) {
      const batch = await together(
        Array.from({ length: Math.min(atOnce, series - sent) }, () => forge(header)),
      );
      refusedAgain = batch.some((one) => one === undefined || !cheap.isServed(one));
    }
    for (let control = 0; control < controls; control += 1) {
      await ask('unforged', { purpose: 'burst: the same client, nothing made up' }, { header });
    }
  }

  const asked = retryAfterMs(latest.answer?.headers['retry-after']);
  const elapsed = asked === undefined ? undefined : await elapse(run, asked);
  if (elapsed !== undefined) {
    await ask('recovered', { purpose: `burst: after ${elapsed.waitedMs} ms` }, elapsed);
  }
  return followUps;
}

/** Lets the time pass that the server asked for; undefined: it was too much. */
async function elapse(run: Run, asked: number): Promise<Elapsed | undefined> {
  if (run.options.elapse !== undefined) return run.options.elapse(asked);
  if (asked > longestWaitMs) return undefined;
  const waitedMs = asked + graceMs;
  await run.within(waitedMs + graceMs, delay(waitedMs)).catch(() => {});
  return { waitedMs };
}

/**
 * Another value each time. Over loopback this machine may be what the server takes for its proxy, and a proxy adds the
 * address that it saw: what the client itself made up stands before that, and only that varies.
 */
function forged(run: Run, header: ForwardingHeader): string {
  // Of the networks for benchmarks (RFC 2544, 198.18.0.0/15), which nobody has.
  const random = `198.18.${randomInt(256)}.${randomInt(1, 255)}`;
  if (header === 'forwarded') return `for=${random}`;
  return header === 'x-forwarded-for' && overLoopback(run) ? `${random}, 198.51.100.7` : random;
}

/**
 * How many forged requests tell something. Where the address that the proxy added is what counts, it has a share of its
 * own, which only more requests than were answered so far use up.
 */
function seriesLength(run: Run, header: ForwardingHeader): number {
  if (header !== 'x-forwarded-for' || !overLoopback(run)) return shortSeries;
  return Math.min(maxSeries, answered(run.recorder.exchanges) + atOnce);
}

/**
 * Who else can ask: with another credential, with the given one or without any, and from another address where there is
 * one. The given one at the same address is the same client.
 */
function others(run: Run): { credential: Credential; from?: string }[] {
  const second = overLoopback(run) && process.platform === 'linux' ? { from: secondAddress } : {};
  const credentials: Credential[] = [
    ...(run.options.otherToken === undefined ? [] : (['other'] as const)),
    ...('from' in second ? (['given'] as const) : []),
    ...(run.identity.given ? (['none'] as const) : []),
  ];
  return credentials.map((credential) => ({ credential, ...second }));
}

function overLoopback(run: Run): boolean {
  const address = run.connection.address();
  return isLoopback(run.options.url, address) && (address ?? '').startsWith('127.');
}
