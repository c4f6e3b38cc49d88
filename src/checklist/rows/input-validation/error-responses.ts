import type { Answer, Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';

/**
 * Every answer of the target that says that something went wrong: by its status, by a JSON-RPC error, as an error of a
 * tool, or because the request broke the rules.
 */
export function errorAnswers(wire: WireEvidence): { exchange: Exchange; answer: Answer }[] {
  const { origin } = new URL(wire.url);
  const told = new Set([
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
    return outcome.status >= 400 || told.has(exchange.id) ? { exchange, answer: outcome } : [];
  });
}
