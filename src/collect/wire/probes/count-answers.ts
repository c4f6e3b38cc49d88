import type { Credential, Exchange } from '../../../evidence/exchange.ts';

/**
 * How many of these got an answer other than 429.
 *
 * @param credential only counts requests with this one
 */
export function countAnswers(exchanges: Exchange[], credential?: Credential): number {
  return exchanges.filter(
    ({ request, outcome }) =>
      (credential === undefined || request.credential === credential) &&
      outcome.kind === 'answer' &&
      outcome.status !== 429,
  ).length;
}
