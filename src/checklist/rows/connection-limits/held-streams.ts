import type { StreamsEvidence, WireEvidence } from '../../../evidence/wire.ts';
import { exchangeOf, isServedReply, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Whether several dozen streams could be held by one client, and calls were answered meanwhile. */
export function judgeStreams(wire: WireEvidence): Judgement {
  const { streams } = wire;
  if (streams === null) {
    return inconclusive(
      whyUnsent(
        wire,
        'No streams were held: none are with --no-burst, and otherwise the server opened none for this client.',
      ),
    );
  }
  const { opened, stayed, call, callAfterwards } = streams;
  if (call === null) return inconclusive('No call was made while streams were open: the time was up.');
  const calling = exchangeOf(wire, call.exchange);
  if (!isServedReply(call.reply)) {
    const afterwards = callAfterwards === null ? undefined : exchangeOf(wire, callAfterwards.exchange);
    if (
      calling.outcome.kind === 'failure' &&
      afterwards &&
      callAfterwards &&
      isServedReply(callAfterwards.reply)
    ) {
      return fail(
        `With ${opened} streams open a call got no answer: ${summary(calling)}. After they were left, it was answered.`,
        calling,
        afterwards,
      );
    }
    return inconclusive(
      `With ${opened} streams open a call was not served: ${summary(calling)}. See the server's log.`,
    );
  }
  if (streams.refused !== null) return judgeRefused(wire, streams, streams.refused);
  const first = exchangeOf(wire, streams.first ?? call.exchange);
  if (stayed === 0) {
    return inconclusive(
      `The server ends its streams by itself: of ${opened} none stayed open (${streams.request}).`,
    );
  }
  if (stayed < opened) {
    return fail(
      `Of ${opened} streams (${streams.request}) the server ended ${opened - stayed} before one call was answered.`,
      first,
    );
  }
  return pass(
    `${opened} streams (${streams.request}) stayed open, and a call meanwhile: ${summary(calling)}.`,
    calling,
    first,
  );
}

/** A refusal that is an answer is a bound, and may be this client's own; a connection that is closed or left waiting is none. */
function judgeRefused(wire: WireEvidence, { opened, wanted }: StreamsEvidence, id: string): Judgement {
  const exchange = exchangeOf(wire, id);
  if (exchange.outcome.kind === 'answer') {
    return inconclusive(
      `${opened} of ${wanted} streams were opened; the next was refused: ${summary(exchange)}. Whether that bounds this client or all of them was not seen.`,
    );
  }
  return fail(
    `${opened} of ${wanted} streams were opened, and the next was not: ${summary(exchange)}.`,
    exchange,
  );
}
