import type { Credential, Exchange } from '../../../evidence/exchange.ts';

/**
 * How many of these were answered, other than by "too many".
 *
 * @param credential counts only requests that carried this one
 */
export function answered(exchanges: Exchange[], credential?: Credential): number {
  return exchanges.filter(
    ({ request, outcome }) =>
      (credential === undefined || request.credential === credential) &&
      outcome.kind === 'answer' &&
      outcome.status !== 429,
  ).length;
}
