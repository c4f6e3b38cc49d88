import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Credential } from '../../../evidence/exchange.ts';
import type { BurstFollowUp, ForwardingHeader } from '../../../evidence/wire.ts';
import { isLoopback } from '../http/loopback.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { initialize } from '../mcp/sessions.ts';
import type { Elapsed } from '../options.ts';
import { type Run, through, together } from '../run.ts';
import type { CheapRequest, OpenFor, SendOptions } from './cheap-request.ts';
import { countAnswers } from './count-answers.ts';
import type { ProbeResult } from './probe.ts';

/** Milliseconds: the longest `Retry-After` to wait for, and an addition for inexact clocks. */
const longestWaitMs = 2_000;
const graceMs = 100;
const maxSeries = 120;
const shortSeries = 4;
const controls = 3;
const atOnce = 10;
/** On Linux a request can come from any address in 127.0.0.0/8. */
const secondAddress = '127.0.0.2';
const headers: ForwardingHeader[] = ['x-forwarded-for', 'x-real-ip', 'forwarded'];

/**
 * Tests a limit: whether other clients are served meanwhile, whether made-up addresses evade it, and whether it ends after
 * `Retry-After`. Other clients come first, because the window may be short. The wait starts at the latest refusal, because a
 * refused request may extend it.
 *
 * @param refused the first refusal
 * @param openFor opens the same request for another client
 */
export async function followUp(
  run: Run,
  cheap: CheapRequest,
  refused: ProbeResult,
  openFor: OpenFor,
): Promise<BurstFollowUp[]> {
  const followUps: BurstFollowUp[] = [];
  let latest = refused;
  const send = async (
    kind: BurstFollowUp['kind'],
    options: SendOptions,
    facts: Omit<BurstFollowUp, 'kind' | 'exchange' | 'reply' | 'waitedMs'> & { waitedMs?: number } = {},
    by: Pick<CheapRequest, 'send'> = cheap,
  ) => {
    const result = await by.send(options);
    if (result === undefined) return false;
    if (result.answer?.status === 429 && facts.from === undefined) latest = result;
    followUps.push({ kind, exchange: result.exchange.id, reply: result.reply, waitedMs: 0, ...facts });
    return cheap.isServed(result);
  };
  const forge = (header: ForwardingHeader) =>
    send(
      'forged-address',
      {
        purpose: `burst: the limited client with a made-up ${header}`,
        headers: { [header]: forged(run, header) },
      },
      { header },
    );

  for (const { credential, from } of others(run)) {
    const facts = from === undefined ? {} : { from };
    const connection = from === undefined ? undefined : run.connect({ localAddress: from });
    const otherRun = connection === undefined ? run : through(run, connection);
    try {
      // Servers bind sessions to credentials, so another credential needs its own session.
      const opened = credential === 'other' ? await openFor(otherRun, credential) : { cheap };
      const by =
        opened === undefined || 'cheap' in opened
          ? (opened?.cheap ?? cheap)
          : { send: async () => opened.refused };
      const isServed = await send(
        'second-client',
        {
          purpose: `burst: another client${from === undefined ? '' : `, from ${from}`}`,
          credential,
          ...(connection === undefined ? {} : { connection }),
        },
        facts,
        by,
      );
      const again = { purpose: 'burst: the limited client again' };
      // The window may have ended just before the other client was served.
      if (isServed) await send('first-client', again);
      else if ('initialized' in by && by.initialized !== undefined && by !== cheap) {
        // Its session used up a low limit, or its `initialize` does not count: the limited client shows which.
        await send('second-client', again, facts, { send: async () => by.initialized });
        const { url } = cheap;
        await send(
          'first-client',
          again,
          {},
          { send: () => initialize(run, url, 'given', ', again while limited') },
        );
      }
      if ('close' in by && by !== cheap) await by.close();
    } finally {
      await connection?.close();
    }
  }

  for (const header of headers) {
    let isServed = await forge(header);
    if (!isServed) continue;
    const series = seriesLength(run, header);
    for (let sent = 1; sent < series && isServed; sent += atOnce) {
      const batch = Array.from({ length: Math.min(atOnce, series - sent) }, () => forge(header));
      isServed = (await together(batch)).every(Boolean);
    }
    for (let control = 0; control < controls; control += 1) {
      await send('unforged', { purpose: 'burst: the limited client without a made-up header' }, { header });
    }
  }

  const retryMs = retryAfterMs(latest.answer?.headers['retry-after']);
  const elapsed = retryMs === undefined ? undefined : await elapse(run, retryMs);
  if (elapsed !== undefined) {
    await send('recovered', { purpose: `burst: the limited client after ${elapsed.waitedMs} ms` }, elapsed);
  }
  return followUps;
}

/** Waits for the server's `Retry-After`. Undefined: it was too long. */
export async function elapse(run: Run, retryMs: number): Promise<Elapsed | undefined> {
  if (run.options.elapse !== undefined) return run.options.elapse(retryMs);
  if (retryMs > longestWaitMs) return undefined;
  const waitedMs = retryMs + graceMs;
  await run.within(waitedMs + graceMs, delay(waitedMs)).catch(() => {});
  return { waitedMs };
}

/**
 * A different value each time. Over loopback the server may take this machine for its proxy. A proxy appends the address of
 * its client, so the made-up address comes first and only it varies.
 */
function forged(run: Run, header: ForwardingHeader): string {
  // The network for benchmarks, which no client has (RFC 2544, 198.18.0.0/15).
  const random = `198.18.${randomInt(256)}.${randomInt(1, 255)}`;
  if (header === 'forwarded') return `for=${random}`;
  return header === 'x-forwarded-for' && overLoopback(run) ? `${random}, 198.51.100.7` : random;
}

/** Where the address from the proxy counts, it has its own limit: only more requests than were answered so far exceed it. */
function seriesLength(run: Run, header: ForwardingHeader): number {
  if (header !== 'x-forwarded-for' || !overLoopback(run)) return shortSeries;
  return Math.min(maxSeries, countAnswers(run.recorder.exchanges) + atOnce);
}

/** Other clients, by credential and by address. The given credential at the same address is the same client. */
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
