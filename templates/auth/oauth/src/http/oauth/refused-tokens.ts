import { LRUCache } from 'lru-cache';
import { type AccessToken, TokenRefused } from './access-token.ts';

/** This address had so many tokens refused of late that its next one is not looked at. */
export class TooManyRefused extends Error {}

interface Address {
  /** When its last tokens were refused, oldest first, in ms. */
  refusedAt: number[];
  lastRefusedAt: number;
  /** Checks that are under way. */
  open: number;
}

export const maxRefusedPerSecond = 50;
const windowMs = 1_000;
// So long after a refusal, checks that are under way count as well, or a flood would pass in one wave.
const watchedMs = 60_000;
// The least recently seen address is forgotten first, so that made-up ones cannot fill the memory.
const maxAddresses = 10_000;

/**
 * Bounds what made-up tokens cost: of one address at most `maxRefusedPerSecond` are checked in vain within a second, and
 * further ones not at all. The window is short on purpose: clients with new and good tokens, which count for nothing, may
 * share the address with whoever makes tokens up.
 *
 * @param now the monotonic clock, in ms
 * @throws (from the returned function) TooManyRefused, or what `verify` throws
 */
export function limitRefused(
  verify: (token: string) => Promise<AccessToken>,
  now = () => performance.now(),
): (token: string, address: string) => Promise<AccessToken> {
  const addresses = new LRUCache<string, Address>({ max: maxAddresses });
  const known = (id: string): Address => {
    const found = addresses.get(id) ?? { refusedAt: [], lastRefusedAt: Number.NEGATIVE_INFINITY, open: 0 };
    addresses.set(id, found);
    return found;
  };

  return async (token, id) => {
    const address = known(id);
    const started = now();
    while (address.refusedAt[0] !== undefined && address.refusedAt[0] + windowMs <= started) {
      address.refusedAt.shift();
    }
    const watched = started - address.lastRefusedAt < watchedMs;
    if (watched && address.refusedAt.length + address.open >= maxRefusedPerSecond) {
      throw new TooManyRefused('Too many access tokens of this address were refused.');
    }
    address.open += 1;
    try {
      return await verify(token);
    } catch (error) {
      if (error instanceof TokenRefused) {
        address.lastRefusedAt = now();
        address.refusedAt.push(address.lastRefusedAt);
      }
      throw error;
    } finally {
      address.open -= 1;
    }
  };
}
