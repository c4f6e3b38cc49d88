import type { Credential } from '../../../evidence/exchange.ts';
import type { BurstEvidence, BurstFollowUp, ForwardingHeader, WireEvidence } from '../../../evidence/wire.ts';
import { exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { exchangesOf, fateOf } from './limits.ts';

/** Fewer forged requests, or fewer without, could be a limit that recovers meanwhile. */
const enoughForged = 4;
const enoughControls = 2;

const headerNames: Record<ForwardingHeader, string> = {
  'x-forwarded-for': 'X-Forwarded-For',
  'x-real-ip': 'X-Real-IP',
  forwarded: 'Forwarded',
};

/** Whether somebody else was served while one client was limited. */
export function judgeOthers(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const asked = burst.followUps.filter(({ kind }) => kind === 'second-client');
  const allServed = asked.filter((one) => fateOf(wire, burst, one) === 'served');
  const served = allServed.find((one) => stayedLimited(wire, burst, one));
  if (served) {
    const exchange = exchangeOf(wire, served.exchange);
    return pass(
      `While one client was limited, ${describe(wire, served)} was served: ${summary(exchange)}.`,
      exchange,
    );
  }
  // Another address alone may be the same client to a server that goes by credentials, and the other way round.
  const stranger = asked.find(
    (one) =>
      one.from !== undefined &&
      (!wire.credentialGiven || credentialOf(wire, one) !== 'given') &&
      fateOf(wire, burst, one) === 'limited',
  );
  if (stranger) {
    const exchange = exchangeOf(wire, stranger.exchange);
    return fail(
      `One client used up the limit, and ${describe(wire, stranger)} met it too: ${summary(exchange)}.`,
      exchange,
    );
  }
  const [early] = allServed;
  if (early) {
    return inconclusive(
      `${capitalised(describe(wire, early))} was served, but the limit of the first client was over by then. A longer window would help; in the lab, by the variables in "limits".`,
    );
  }
  const other = asked.find((one) => credentialOf(wire, one) === 'other');
  if (other) {
    const came = `${capitalised(describe(wire, other))}: ${summary(exchangeOf(wire, other.exchange))}.`;
    return inconclusive(
      fateOf(wire, burst, other) === 'limited'
        ? `${came} It has the address of the first one, and a server may count by addresses. Run the lab on Linux, where it has another.`
        : `${came} That is neither served nor limited. Check that the server takes its credential: by "limits" for keys, by "authorization" for access tokens.`,
    );
  }
  return inconclusive(
    wire.credentialGiven
      ? 'No second client could be told apart: there is one credential, and nobody was served without it. Give the server another key in the lab, by ${SECOND_CLIENT} in "limits", or send a burst with one key and a request with another.'
      : 'There is one address to come from, and no credential. Send a burst from one machine and a request from another.',
  );
}

/** Whether the first client was still refused right after another had been served. */
function stayedLimited(wire: WireEvidence, burst: BurstEvidence, other: BurstFollowUp): boolean {
  const next = burst.followUps[burst.followUps.indexOf(other) + 1];
  return next?.kind === 'first-client' && fateOf(wire, burst, next) === 'limited';
}

function describe(wire: WireEvidence, one: BurstFollowUp): string {
  const who = {
    none: wire.credentialGiven ? 'a client without credentials' : 'a client',
    wrong: 'a client with a wrong credential',
    given: 'a client',
    other: 'a client with a credential of its own',
  }[credentialOf(wire, one)];
  return one.from === undefined ? who : `${who} at ${one.from}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function credentialOf(wire: WireEvidence, { exchange }: BurstFollowUp): Credential {
  return exchangeOf(wire, exchange).request.credential;
}

/** Whether a client that makes up where it comes from stays limited. */
export function judgeForgeries(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const forged = burst.followUps.filter(({ kind }) => kind === 'forged-address');
  const headers = [...new Set(forged.map(({ header }) => header))].filter((header) => header !== undefined);
  if (headers.length === 0) return inconclusive('No request with a made-up address was sent.');
  const judged = worst(headers.map((header) => judgeHeader(wire, burst, header)));
  if (judged.verdict !== 'pass') return judged;
  const names = headers.map((header) => headerNames[header]).join(', ');
  const last = exchangesOf(wire, forged).at(-1);
  return pass(`With a made-up ${names} the client stayed limited.`, ...(last ? [last] : []));
}

function judgeHeader(wire: WireEvidence, burst: BurstEvidence, header: ForwardingHeader): Judgement {
  const of = (kind: BurstFollowUp['kind']) =>
    burst.followUps.filter((one) => one.kind === kind && one.header === header);
  const forged = of('forged-address');
  const fates = forged.map((one) => fateOf(wire, burst, one));
  const controls = of('unforged').map((one) => fateOf(wire, burst, one));
  const name = headerNames[header];
  const [first] = exchangesOf(wire, forged);
  if (fates.includes('limited') && !fates.includes('other')) return pass(`${name} changed nothing.`);
  if (fates.includes('other') || first === undefined) {
    return inconclusive(
      `With a made-up ${name}: ${first ? summary(first) : 'nothing was sent'}. See the server's log.`,
    );
  }
  if (controls.length < enoughControls || controls.includes('served') || forged.length < enoughForged) {
    return inconclusive(`The limit had recovered before ${name} could be tried. A longer window would help.`);
  }
  const asProxy =
    wire.loopback && (header !== 'x-forwarded-for' || forged.length <= (burst.limited?.afterAll ?? 0));
  if (asProxy) {
    return inconclusive(
      `A request with a made-up ${name} was served, but it came over loopback, where the server may take this machine for its proxy. Audit it at the address that clients use.`,
    );
  }
  return fail(
    `${forged.length} requests of the limited client, each with another made-up ${name}, were served: ${summary(first)}. ${controls.length} without it were refused.`,
    first,
  );
}
