import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';

/** Every response that reports an error by its status, as a JSON-RPC or tool error, or to a malformed request. */
export function errorResponses(wire: WireEvidence): { exchange: Exchange; answer: Answer }[] {
  const { origin } = new URL(wire.url);
  const reported = new Set([
    ...wire.malformed.map(({ exchange }) => exchange),
    ...wire.toolCalls
      .filter(({ outcome }) => outcome === 'error-result' || outcome === 'protocol-error')
      .map(({ exchange }) => exchange),
    ...wire.endpoints.flatMap(({ access }) =>
      access.filter(({ reply }) => reply.kind === 'error').map(({ exchange }) => exchange),
    ),
  ]);
  return wire.exchanges.flatMap((exchange) => {
    const { outcome, request } = exchange;
    if (outcome.kind !== 'answer' || new URL(request.url).origin !== origin) return [];
    return outcome.status >= 400 || reported.has(exchange.id) ? { exchange, answer: outcome } : [];
  });
}
