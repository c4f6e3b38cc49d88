import type { Exchange } from '../../../evidence/exchange.ts';
import type { RebindingProbe, WireEvidence } from '../../../evidence/wire.ts';
import {
  accessOf,
  answerOf,
  exchangeOf,
  isServedReply,
  summary,
  whyUnsent,
} from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row, worst } from '../../row.ts';
import { remedies } from './remedies.ts';

export const transportSecurity: Row = {
  id: 'transport-security',
  title: 'Origin and Host validation, TLS off loopback',
  category: 'Security',
  level: 'required',
  why: 'By DNS rebinding, a web page can make a visitor’s browser call the tools of your server.',
  fix: 'Answer 403 to an Origin that is not on your list. On loopback, also refuse a Host that is not local. Serve TLS everywhere else.',
  basis: [
    'MCP 2026-07-28, Streamable HTTP, Security & Endpoint: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http',
    'RFC 6454 (the Origin header), RFC 9110 section 7.2 (Host)',
    'RFC 6750 section 5.3 (bearer tokens only over TLS)',
  ],
  remedies,
  only: { transport: 'http', because: 'no browser and no network can reach it' },
  headline: 'foreign-origin-refused',
  criteria: [
    {
      id: 'foreign-origin-refused',
      kind: 'core',
      title: 'The server refuses a foreign Origin with 403',
      fix: 'Answer 403 to every request whose Origin is not on your list. CORS headers alone refuse nothing.',
      observed: (wire) => judgeRebinding(wire, 'origin'),
    },
    {
      id: 'foreign-host-refused',
      kind: 'extra',
      title: 'On loopback, the server refuses a foreign Host',
      observed: (wire) =>
        wire.loopback
          ? judgeRebinding(wire, 'host')
          : notApplicable('Off loopback, the Host header selects the site.'),
    },
    {
      id: 'tls',
      kind: 'core',
      title: 'Off loopback, the endpoint uses TLS',
      fix: 'Serve the endpoint over https, directly or behind a proxy that terminates TLS. Use a certificate that clients trust.',
      observed: judgeTls,
    },
  ],
};

const headerNames = { origin: 'Origin', host: 'Host' } as const;

/** A private network is not loopback: its members can read the tokens. */
function judgeTls(wire: WireEvidence): Judgement {
  if (wire.loopback) return notApplicable('The audit reached the server on loopback.');
  const { protocol, host } = new URL(wire.url);
  const answered = wire.exchanges.find(({ outcome }) => outcome.kind === 'answer');
  if (!answered) return inconclusive('The server answered no request.');
  if (protocol !== 'https:') {
    return fail(
      `${host} answered over plain HTTP. Tokens can be read in transit. If clients use a TLS proxy, audit its https:// URL.`,
      answered,
    );
  }
  const { tls } = wire;
  if (!tls?.authorized) return inconclusive(`The TLS certificate of ${host} could not be determined.`);
  const until = tls.validTo ? ` and valid until ${tls.validTo.slice(0, 10)}` : '';
  return pass(`${host} answered over ${tls.protocol}. Its certificate is trusted here${until}.`, answered);
}

/** Each transport may have its own check or none. The worst result decides. */
function judgeRebinding(wire: WireEvidence, header: RebindingProbe['header']): Judgement {
  const probes = wire.rebinding.filter((candidate) => candidate.header === header);
  if (probes.length === 0)
    return inconclusive(whyUnsent(wire, `The audit sent no request with a foreign ${headerNames[header]}.`));
  return worst(probes.map((probe) => judgeProbe(wire, probe)));
}

/** A refusal counts only where the server serves the same request without the foreign header. */
function judgeProbe(wire: WireEvidence, probe: RebindingProbe): Judgement {
  const { header, value } = probe;
  const exchange = exchangeOf(wire, probe.exchange);
  const what = `With ${headerNames[header]}: ${value}, ${summary(exchange)}.`;
  if (isServedReply(probe.reply)) return fail(`${what} The server served the request.`, exchange);
  const status = answerOf(wire, probe.exchange)?.status;
  if (!isServedWithout(wire, exchange)) {
    return inconclusive(
      `${what} The cause is unknown: the server does not serve the request without this header either. Check --token.`,
    );
  }
  return status === 403 || (header === 'host' && (status === 400 || status === 421))
    ? pass(`${what} The server refused the request.`, exchange)
    : inconclusive(`${what} The server neither served the request nor refused it with 403.`);
}

/** Whether the endpoint serves the same client without the foreign header. */
function isServedWithout(wire: WireEvidence, { request }: Exchange): boolean {
  const endpoint = wire.endpoints.find(({ url }) => url === request.url);
  if (!endpoint) return wire.clients.some(({ outcome }) => outcome.connected);
  return endpoint.access.some(
    (probe) => probe.credential === request.credential && accessOf(wire, probe) === 'granted',
  );
}
