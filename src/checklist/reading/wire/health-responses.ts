import type { Exchange } from '../../../evidence/exchange.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { orchestratorPaths } from '../../../protocol/usual-paths.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, exchangeOf, isNotNow } from './exchanges.ts';

/** GET on the paths that can be the health endpoint: the named one, or the usual ones. */
export function healthAnswers(wire: WireEvidence): Exchange[] {
  return wire.health.paths
    .filter(({ path }) => wire.health.named || !orchestratorPaths.has(path))
    .map(({ exchange }) => exchangeOf(wire, exchange));
}

function isHealth(wire: WireEvidence, exchange: Exchange): boolean {
  return hasHealthStatus(wire, exchange) && !isFallback(wire, exchange);
}

/** A path that cannot exist got the same answer: a single-page application, a proxy's error page. */
export function isFallback(wire: WireEvidence, exchange: Exchange): boolean {
  const control = wire.health.control && answerOf(wire, wire.health.control.exchange);
  const answer = answerOf(wire, exchange.id);
  if (!control || !answer || control.status !== answer.status) return false;
  const type = (headers: Record<string, string>) => headers['content-type']?.split(';')[0];
  if (control.body === answer.body && control.bodyBytes === answer.bodyBytes) return true;
  if (type(control.headers) !== type(answer.headers)) return false;
  const object = parseObject(answer.body);
  if (!object) return true;
  // One handler writes the same members, whatever path, time or request id it puts into them.
  const anything = parseObject(control.body);
  return anything !== undefined && Object.keys(anything).sort().join() === Object.keys(object).sort().join();
}

/** The health endpoint: the first path that answers as one, and one that speaks JSON before one that does not. */
export function healthOf(wire: WireEvidence): Exchange | undefined {
  const answering = healthAnswers(wire).filter((exchange) => isHealth(wire, exchange));
  return answering.find(({ id }) => parseObject(answerOf(wire, id)?.body ?? '')) ?? answering[0];
}

/** A 503 is the health endpoint's own only where it has something to say: limiters and proxies answer with it as well. */
export const hasHealthStatus = (wire: WireEvidence, exchange: Exchange): boolean =>
  statusOf(exchange) === 200 ||
  (statusOf(exchange) === 503 && parseObject(answerOf(wire, exchange.id)?.body ?? '') !== undefined);

/** Nothing came that tells whether there is such a path. */
export const isSilent = (wire: WireEvidence, exchange: Exchange): boolean =>
  exchange.outcome.kind === 'failure' ||
  (isNotNow(statusOf(exchange)) && (!hasHealthStatus(wire, exchange) || isFallback(wire, exchange)));

/** The status of the answer, or 0 when none came. */
export const statusOf = ({ outcome }: Exchange): number => (outcome.kind === 'answer' ? outcome.status : 0);
