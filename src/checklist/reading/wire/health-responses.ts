import type { Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { type HealthKind, healthKind } from '../../../protocol/health-response.ts';
import { orchestratorPaths } from '../../../protocol/usual-paths.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, exchangeOf, isUnavailable } from './exchanges.ts';

/** GET on the named health path, or on the usual ones. Older evidence also has those of orchestrators. */
export function healthAnswers(wire: WireEvidence): Exchange[] {
  return wire.health.paths
    .filter(({ path }) => wire.health.named || !orchestratorPaths.has(path))
    .map(({ exchange }) => exchangeOf(wire, exchange));
}

/** What came back. Undefined: no response. */
export function healthKindOf(wire: WireEvidence, { id }: Exchange): HealthKind | undefined {
  const control = wire.health.control ? answerOf(wire, wire.health.control.exchange) : undefined;
  const answer = answerOf(wire, id);
  return answer && healthKind(answer, control);
}

/** The health endpoint: the first path that responds as one, preferably with JSON. */
export function healthOf(wire: WireEvidence): Exchange | undefined {
  const answering = healthAnswers(wire).filter((exchange) => healthKindOf(wire, exchange) === 'health');
  return answering.find(({ id }) => parseObject(answerOf(wire, id)?.body ?? '')) ?? answering[0];
}

/** Whether the exchange leaves open that the path exists. */
export const isUnanswered = (wire: WireEvidence, exchange: Exchange): boolean =>
  exchange.outcome.kind === 'failure' ||
  (isUnavailable(statusOf(exchange)) && healthKindOf(wire, exchange) !== 'health');

/** The status of the response. 0: none came. */
export const statusOf = ({ outcome }: Exchange): number => (outcome.kind === 'answer' ? outcome.status : 0);
