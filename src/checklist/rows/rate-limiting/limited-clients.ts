import type { Credential } from '../../../evidence/exchange.ts';
import type { BurstEvidence, BurstFollowUp, ForwardingHeader, WireEvidence } from '../../../evidence/wire.ts';
import { joined } from '../../../text/counts.ts';
import { exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { resultOf } from './limits.ts';

/** Fewer requests with and without the forged header may mean that the limit ended meanwhile. */
const enoughForged = 4;
const enoughControls = 2;

const headerNames: Record<ForwardingHeader, string> = {
  'x-forwarded-for': 'X-Forwarded-For',
  'x-real-ip': 'X-Real-IP',
  forwarded: 'Forwarded',
};

/** Judges whether the server served another client while one was limited. */
export function judgeOthers(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const others = burst.followUps.filter(({ kind }) => kind === 'second-client');
  const allServed = others.filter((other) => resultOf(wire, burst, other) === 'served');
  const served = allServed.find((other) => stayedLimited(wire, burst, other));
  if (served) {
    const exchange = exchangeOf(wire, served.exchange);
    return pass(
      `While it limited one client, the server served ${describe(wire, served)}: ${summary(exchange)}.`,
      exchange,
    );
  }
  // A server that counts by credential sees one client at two addresses, and the other way round.
  const limited = others.find(
    (other) =>
      other.from !== undefined &&
      (!wire.credentialGiven || credentialOf(wire, other) !== 'given') &&
      resultOf(wire, burst, other) === 'limited' &&
      requestsBefore(wire, other) < burst.served,
  );
  if (limited) {
    const exchange = exchangeOf(wire, limited.exchange);
    return fail(
      `One client used up the limit. The server then limited ${describe(wire, limited)}: ${summary(exchange)}.`,
      exchange,
    );
  }
  const [early] = allServed;
  if (early) {
    return inconclusive(
      `The server served ${describe(wire, early)}, but the first client’s limit had ended by then. A longer window would help. In the lab, name the variables that set it in "limits".`,
    );
  }
  const other = others.find((candidate) => credentialOf(wire, candidate) === 'other');
  if (other) {
    const response = `${describe(wire, other)}: ${summary(exchangeOf(wire, other.exchange))}.`;
    return inconclusive(
      resultOf(wire, burst, other) === 'limited'
        ? `The server limited ${response} Both clients have one address, and the server may count by address. Run the lab on Linux, where they have two.`
        : `The server neither served nor limited ${response} Check that it accepts that credential. Set keys in "limits" and access tokens in "authorization".`,
    );
  }
  return inconclusive(
    wire.credentialGiven
      ? 'The audit has one credential, and the server served no client without it. In the lab, add a second key with ${SECOND_CLIENT} in "limits".'
      : 'The audit has one address and no credential. Send a burst from one machine and a request from another.',
  );
}

/** How many requests of the other client with its own credential the server answered before: they count, too. */
function requestsBefore(wire: WireEvidence, other: BurstFollowUp): number {
  if (credentialOf(wire, other) !== 'other') return 0;
  const at = wire.exchanges.findIndex(({ id }) => id === other.exchange);
  return wire.exchanges
    .slice(0, at)
    .filter(
      ({ request, outcome }) =>
        request.credential === 'other' && outcome.kind === 'answer' && outcome.status !== 429,
    ).length;
}

/** Whether the first client was still limited right after another had been served. */
function stayedLimited(wire: WireEvidence, burst: BurstEvidence, other: BurstFollowUp): boolean {
  const next = burst.followUps[burst.followUps.indexOf(other) + 1];
  return next?.kind === 'first-client' && resultOf(wire, burst, next) === 'limited';
}

/** "another client with its own credential at 127.0.0.2" */
function describe(wire: WireEvidence, other: BurstFollowUp): string {
  const credential = {
    none: wire.credentialGiven ? ' without credentials' : '',
    wrong: ' with a wrong credential',
    given: '',
    other: ' with its own credential',
  }[credentialOf(wire, other)];
  return `another client${credential}${other.from === undefined ? '' : ` at ${other.from}`}`;
}

function credentialOf(wire: WireEvidence, { exchange }: BurstFollowUp): Credential {
  return exchangeOf(wire, exchange).request.credential;
}

/** Judges whether a client that forges its address stays limited. */
export function judgeForgeries(wire: WireEvidence, burst: BurstEvidence): Judgement {
  const forged = burst.followUps.filter(({ kind }) => kind === 'forged-address');
  const headers = [...new Set(forged.map(({ header }) => header))].filter((header) => header !== undefined);
  const last = forged.at(-1);
  if (headers.length === 0 || last === undefined) {
    return inconclusive('The audit sent no request with a forged address.');
  }
  const judged = worst(headers.map((header) => judgeHeader(wire, burst, header)));
  if (judged.verdict !== 'pass') return judged;
  const names = joined(
    headers.map((header) => headerNames[header]),
    'or',
  );
  return pass(
    `The server still limited the client with a forged ${names} header.`,
    exchangeOf(wire, last.exchange),
  );
}

function judgeHeader(wire: WireEvidence, burst: BurstEvidence, header: ForwardingHeader): Judgement {
  const of = (kind: BurstFollowUp['kind']) =>
    burst.followUps.filter((followUp) => followUp.kind === kind && followUp.header === header);
  const forged = of('forged-address');
  const results = forged.map((followUp) => resultOf(wire, burst, followUp));
  const controls = of('unforged').map((followUp) => resultOf(wire, burst, followUp));
  const name = headerNames[header];
  const [first, ...more] = forged.map(({ exchange }) => exchangeOf(wire, exchange));
  const other = [first, ...more][results.indexOf('other')];
  if (other !== undefined) {
    return inconclusive(
      `The server neither served nor limited a request with a forged ${name}: ${summary(other)}. See the server’s log.`,
    );
  }
  if (results.includes('limited')) return pass(name);
  if (
    !first ||
    controls.length < enoughControls ||
    controls.includes('served') ||
    forged.length < enoughForged
  ) {
    return inconclusive(
      `Whether ${name} resets the count is unknown: the limit ended during the test. A longer window would help.`,
    );
  }
  if (wire.loopback && (header !== 'x-forwarded-for' || forged.length <= (burst.limited?.afterAll ?? 0))) {
    return inconclusive(
      `The server served a request with a forged ${name}. Over loopback, it may take this machine for its proxy. Audit the address that clients use.`,
    );
  }
  return fail(
    `The server served ${forged.length} requests of the limited client, each with a different forged ${name}: ${summary(first)}. Without the header, it refused ${controls.length} requests.`,
    first,
  );
}
