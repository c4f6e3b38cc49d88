import type { Exchange } from '../../../evidence/exchange.ts';
import type { StreamsEvidence, WireEvidence } from '../../../evidence/wire.ts';
import { answerOf, exchangeOf, isServedReply, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

/** Judges whether one client can hold several dozen streams while the server answers calls. */
export function judgeStreams(wire: WireEvidence): Judgement {
  const { streams } = wire;
  if (streams === null) {
    const asked = streamRequests(wire);
    const [refused] = asked;
    if (refused && askedEveryWay(wire, asked) && asked.every((exchange) => offersNone(wire, exchange))) {
      return notApplicable(`The server offers no event streams: ${summary(refused)}.`);
    }
    return inconclusive(
      whyUnsent(
        wire,
        'The audit opened no streams: --no-burst is set, or the server opened none for this client.',
      ),
    );
  }
  const { opened, stayed, call, callAfterwards, request } = streams;
  if (call === null) {
    return inconclusive('The time was up before the audit made a call with open streams. Raise --budget.');
  }
  const exchange = exchangeOf(wire, call.exchange);
  if (!isServedReply(call.reply)) {
    const afterwards =
      callAfterwards !== null && isServedReply(callAfterwards.reply)
        ? exchangeOf(wire, callAfterwards.exchange)
        : undefined;
    const finding = `With ${opened} streams open, the server did not answer a call: ${summary(exchange)}.`;
    return exchange.outcome.kind === 'failure' && afterwards !== undefined
      ? fail(`${finding} After they closed, it answered the call.`, exchange, afterwards)
      : inconclusive(`${finding} See the server’s log.`);
  }
  if (streams.refused !== null) return judgeRefused(wire, streams, streams.refused);
  if (stayed === 0) {
    return inconclusive(
      `The server ended all ${opened} streams (${request}) itself. How many it can hold is unknown.`,
    );
  }
  const first = exchangeOf(wire, streams.first ?? call.exchange);
  return stayed < opened
    ? fail(
        `The server ended ${opened - stayed} of ${opened} streams (${request}) before it answered one call.`,
        first,
      )
    : pass(
        `The server kept ${opened} streams (${request}) open while it answered a call: ${summary(exchange)}.`,
        exchange,
        first,
      );
}

/** A refusal by status is a limit, perhaps for this client only. A closed or silent connection is a failure. */
function judgeRefused(wire: WireEvidence, { opened, wanted }: StreamsEvidence, id: string): Judgement {
  const exchange = exchangeOf(wire, id);
  const finding = `The server opened ${opened} of ${wanted} streams, but not the next: ${summary(exchange)}.`;
  return exchange.outcome.kind === 'answer'
    ? inconclusive(`${finding} Whether this limit is for one client or for all is unknown.`)
    : fail(finding, exchange);
}

const listen = '"subscriptions/listen"';

/** The requests for an event stream with the right credential, or without one where none was given. */
const streamRequests = ({ exchanges, endpoints, credentialGiven }: WireEvidence): Exchange[] =>
  exchanges.filter(
    ({ request: { method, url, headers, body = '', credential } }) =>
      (credential === 'given' || (!credentialGiven && credential === 'none')) &&
      endpoints.some((endpoint) => endpoint.url === url) &&
      (method === 'GET' ? headers.accept?.includes('text/event-stream') : body.includes(listen)),
  );

/** A server of 2026-07-28 has its streams elsewhere than at GET. */
const askedEveryWay = ({ clients }: WireEvidence, asked: Exchange[]): boolean =>
  asked.some(({ request }) => request.body?.includes(listen)) ||
  !clients.some(({ era, outcome }) => era === 'modern' && outcome.connected);

/**
 * Whether the server refused a stream because it has none: 405 (MCP 2025-11-25, transports, "Listening for messages from the
 * server"), or an unknown method.
 */
function offersNone(wire: WireEvidence, { id, request }: Exchange): boolean {
  const answer = answerOf(wire, id);
  if (answer === undefined) return false;
  return request.method === 'GET' ? answer.status === 405 : /"code"\s*:\s*-32601\b/.test(answer.body);
}
