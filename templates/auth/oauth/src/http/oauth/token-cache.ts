import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AccessToken } from './access-token.ts';

type Verify = (token: string, address: string) => Promise<AccessToken>;

const maxTokens = 10_000;
// For so long may a token outlive a key that its issuer has withdrawn.
const maxAgeMs = 5 * 60_000;

/**
 * Checks each token once and remembers the good ones until they end: checking a signature takes a third of the time of a
 * whole tool call. Tokens are remembered by their hash, so that they cannot be read from memory. `address` is who presents
 * the token.
 */
export function remembering(verify: Verify): Verify {
  const good = new LRUCache<string, AccessToken>({ max: maxTokens, ttl: maxAgeMs });
  return async (token, address) => {
    const id = createHash('sha256').update(token).digest('base64');
    const known = good.get(id);
    if (known !== undefined && Date.now() < known.endsAt) return known;
    const checked = await verify(token, address);
    good.set(id, checked);
    return checked;
  };
}
