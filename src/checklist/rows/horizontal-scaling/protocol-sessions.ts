import type { WireEvidence } from '../../../evidence/wire.ts';
import { accessOf, answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { inconclusive, type Judgement, pass } from '../../row.ts';

/**
 * Whether requests were served that belong to no session. A session says nothing bad by itself, for it may be kept where
 * all instances find it.
 */
export function judgeSessions(wire: WireEvidence): Judgement {
  const probes = wire.endpoints.flatMap(({ access }) => access);
  const served = probes.filter((probe) => accessOf(wire, probe) === 'granted');
  const opening = served.find(
    ({ operation, exchange }) =>
      operation === 'initialize' && answerOf(wire, exchange)?.headers['mcp-session-id'] !== undefined,
  );
  if (opening) {
    return inconclusive(
      'initialize opens a session. Where it is kept, and whether another instance finds it, cannot be seen from one URL.',
    );
  }
  const listed = served.find(({ operation }) => operation === 'list-tools');
  if (listed === undefined) return inconclusive('No request outside a session was seen to be served.');
  const exchange = exchangeOf(wire, listed.exchange);
  return pass(`${summary(exchange)} for tools/list, without a session.`, exchange);
}
