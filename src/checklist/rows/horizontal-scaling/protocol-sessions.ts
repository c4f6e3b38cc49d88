import type { WireEvidence } from '../../../evidence/wire.ts';
import { accessOf, answerOf, exchangeOf, summary } from '../../reading/wire/exchanges.ts';
import { inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether the server serves requests without a session. A session proves nothing: all instances may share it. */
export function judgeSessions(wire: WireEvidence): Judgement {
  const served = wire.endpoints
    .flatMap(({ access }) => access)
    .filter((probe) => accessOf(wire, probe) === 'granted');
  const opensSession = served.some(
    ({ operation, exchange }) =>
      operation === 'initialize' && answerOf(wire, exchange)?.headers['mcp-session-id'] !== undefined,
  );
  if (opensSession) {
    return inconclusive(
      'The server opens a session on initialize. Whether another instance knows the session is unknown. Add --lab.',
    );
  }
  const list = served.find(({ operation }) => operation === 'list-tools');
  if (list === undefined) return inconclusive('The server served no tools/list without a session.');
  const exchange = exchangeOf(wire, list.exchange);
  return pass(`The server served tools/list without a session: ${summary(exchange)}.`, exchange);
}
