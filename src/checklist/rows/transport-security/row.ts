import type { Exchange } from '../../../evidence/exchange.ts';
import type { RebindingProbe, WireEvidence } from '../../../evidence/wire.ts';
import {
  accessOf,
  answerOf,
  exchangeOf,
  isServedReply,
  summary,
  unsent,
} from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row, worst } from '../../row.ts';
import { remedies } from './remedies.ts';

export const transportSecurity: Row = {
  id: 'transport-security',
  title: 'Origin and Host validation, TLS off loopback',
  category: 'Security',
  level: 'required',
  why: 'A web page that rebinds its own name to the address of your server makes the reader’s browser call your tools.',
  fix: 'Answer 403 to an Origin that is not yours and, on loopback, to a Host that is not local; serve TLS everywhere else.',
  basis: [
    'MCP 2026-07-28, Streamable HTTP, Security & Endpoint: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http',
    'RFC 6454 (the Origin header), RFC 9110 section 7.2 (Host)',
    'RFC 6750 section 5.3 (bearer tokens only over TLS)',
  ],
  remedies,
  only: { transport: 'http', because: 'no browser and no network reaches it' },
  headline: 'foreign-origin-refused',
  criteria: [
    {
      id: 'foreign-origin-refused',
      kind: 'core',
      title: 'A request with a foreign Origin is refused with 403',
      fix: 'Answer 403 to every request whose Origin is present and not on your list; CORS headers alone refuse nothing.',
      observed: (wire) => judgeRebinding(wire, 'origin'),
    },
    {
      id: 'foreign-host-refused',
      kind: 'core',
      title: 'On loopback, a request with a foreign Host is refused',
      observed: (wire) =>
        wire.loopback
          ? judgeRebinding(wire, 'host')
          : notApplicable('Off loopback, the Host decides which site answers.'),
    },
    {
      id: 'tls',
      kind: 'core',
      title: 'Off loopback, the endpoint is served over TLS',
      fix: 'Serve the endpoint over https, by itself or behind a proxy that ends TLS, with a certificate that clients trust.',
      observed: judgeTls,
    },
  ],
};

/** A private network is no loopback: whoever is in it reads the tokens that pass. */
function judgeTls(wire: WireEvidence): Judgement {
  if (wire.loopback) return notApplicable('The server was reached on loopback.');
  const { protocol, host } = new URL(wire.url);
  const answered = wire.exchanges.find(({ outcome }) => outcome.kind === 'answer');
  if (!answered) return inconclusive('Nothing was answered.');
  if (protocol !== 'https:') {
    return fail(
      `${host} answered over plain HTTP, where tokens can be read on the way. If clients use a proxy that ends TLS, audit its https:// URL.`,
      answered,
    );
  }
  const { tls } = wire;
  if (!tls?.authorized) return inconclusive(`The TLS connection to ${host} was not seen.`);
  const until = tls.validTo ? `, valid until ${tls.validTo.slice(0, 10)}` : '';
  return pass(
    `${host} answered over ${tls.protocol} with a certificate that is trusted here${until}.`,
    answered,
  );
}

/** Each transport may have its own check or none, so the worst of them decides. */
function judgeRebinding(wire: WireEvidence, header: RebindingProbe['header']): Judgement {
  const probes = wire.rebinding.filter((candidate) => candidate.header === header);
  if (probes.length === 0) return inconclusive(unsent(wire, `No request with a foreign ${header} was sent.`));
  return worst(probes.map((probe) => judgeProbe(wire, probe)));
}

/** Counts only where the same request without the foreign header is served, which shows that the header is the reason. */
function judgeProbe(wire: WireEvidence, probe: RebindingProbe): Judgement {
  const { header, value } = probe;
  const exchange = exchangeOf(wire, probe.exchange);
  const what = `${summary(exchange)} with ${header === 'origin' ? 'Origin' : 'Host'}: ${value}`;
  if (isServedReply(probe.reply)) return fail(`${what}: it was served.`, exchange);
  const status = answerOf(wire, probe.exchange)?.status;
  if (!isOpenToUs(wire, exchange)) {
    return inconclusive(`${what}; but without it the server is not open to us either.`);
  }
  if (status === 403 || (header === 'host' && (status === 400 || status === 421)))
    return pass(`${what}.`, exchange);
  return inconclusive(`${what}: neither served nor refused with 403.`);
}

/** Whether the endpoint serves the same caller without the foreign header. */
function isOpenToUs(wire: WireEvidence, { request }: Exchange): boolean {
  const endpoint = wire.endpoints.find(({ url }) => url === request.url);
  if (!endpoint) return wire.clients.some(({ outcome }) => outcome.connected);
  return endpoint.access.some(
    (probe) => probe.credential === request.credential && accessOf(wire, probe) === 'granted',
  );
}
