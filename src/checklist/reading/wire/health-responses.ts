import type { Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { orchestratorPaths } from '../../../protocol/usual-paths.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, exchangeOf, isUnavailable } from './exchanges.ts';

/** GET on the named health path, or on the usual ones. */
export function healthAnswers(wire: WireEvidence): Exchange[] {
  return wire.health.paths
    .filter(({ path }) => wire.health.named || !orchestratorPaths.has(path))
    .map(({ exchange }) => exchangeOf(wire, exchange));
}

function isHealth(wire: WireEvidence, exchange: Exchange): boolean {
  return hasHealthStatus(wire, exchange) && !isCatchAll(wire, exchange);
}

/** Whether a made-up path got the same response: a catch-all route, or the error page of a proxy. */
export function isCatchAll(wire: WireEvidence, exchange: Exchange): boolean {
  const control = wire.health.control && answerOf(wire, wire.health.control.exchange);
  const answer = answerOf(wire, exchange.id);
  if (!control || !answer || control.status !== answer.status) return false;
  const type = (headers: Record<string, string>) => headers['content-type']?.split(';')[0];
  if (control.body === answer.body && control.bodyBytes === answer.bodyBytes) return true;
  if (type(control.headers) !== type(answer.headers)) return false;
  const object = parseObject(answer.body);
  if (!object) return true;
  // A catch-all handler returns the same members. Path, time or request id in them may differ.
  const other = parseObject(control.body);
  return other !== undefined && Object.keys(other).sort().join() === Object.keys(object).sort().join();
}

/** The health endpoint: the first path that responds as one, preferably with JSON. */
export function healthOf(wire: WireEvidence): Exchange | undefined {
  const answering = healthAnswers(wire).filter((exchange) => isHealth(wire, exchange));
  return answering.find(({ id }) => parseObject(answerOf(wire, id)?.body ?? '')) ?? answering[0];
}

/** A 503 counts only with a JSON object: limiters and proxies send plain ones. */
export const hasHealthStatus = (wire: WireEvidence, exchange: Exchange): boolean =>
  statusOf(exchange) === 200 ||
  (statusOf(exchange) === 503 && parseObject(answerOf(wire, exchange.id)?.body ?? '') !== undefined);

/** Whether the exchange leaves open that the path exists. */
export const isUnanswered = (wire: WireEvidence, exchange: Exchange): boolean =>
  exchange.outcome.kind === 'failure' ||
  (isUnavailable(statusOf(exchange)) && (!hasHealthStatus(wire, exchange) || isCatchAll(wire, exchange)));

/** The status of the response. 0: none came. */
export const statusOf = ({ outcome }: Exchange): number => (outcome.kind === 'answer' ? outcome.status : 0);
