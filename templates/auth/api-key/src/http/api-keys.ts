import { hash, timingSafeEqual } from 'node:crypto';

/** A key as the server keeps it: the key itself is forgotten. */
export interface ApiKey {
  /** Whom it belongs to, for the log and the rate limit: its name, or a fingerprint where it has none. */
  client: string;
  digest: Buffer;
  /** Too short to be safe from guessing. */
  short: boolean;
}

/** What is wrong with an entry, as the end of a sentence. Never repeats any of it. */
export class KeyProblem extends Error {}

const minimumLength = 16;

/**
 * Reads `name:key` or `key`. What is before the first colon is the name, so a key that holds a colon needs a name, and
 * half of it is never mistaken for one that may be logged.
 *
 * @throws KeyProblem
 */
export function parseEntry(entry: string): ApiKey {
  const colon = entry.indexOf(':');
  const name = entry.slice(0, Math.max(colon, 0));
  const key = entry.slice(colon + 1);
  if (colon >= 0 && !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
    throw new KeyProblem(
      'holds an entry whose part before the first colon is no name (up to 64 of a-z, 0-9, ".", "_", "-")',
    );
  }
  if (key === '') throw new KeyProblem('holds a name without a key');
  // Any other key would lock its client out, since no header can carry it.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new KeyProblem('holds a key with spaces or characters that are not ASCII');
  }
  if (key.includes(',')) throw new KeyProblem('holds a key with a comma: give each entry a line of its own');
  const digest = sha256(key);
  return {
    client: colon < 0 ? `key:${digest.toString('hex').slice(0, 12)}` : name,
    digest,
    short: key.length < minimumLength,
  };
}

/**
 * All keys, each once. A name may have several keys, for the time in which its client moves to a new one.
 *
 * @throws KeyProblem when a key belongs to two clients
 */
export function uniteKeys(...lists: ReadonlyArray<readonly ApiKey[]>): ApiKey[] {
  const keys = new Map<string, ApiKey>();
  for (const key of lists.flat()) {
    const id = key.digest.toString('hex');
    const known = keys.get(id);
    if (known !== undefined && known.client !== key.client) {
      throw new KeyProblem(`holds one key for two clients, ${known.client} and ${key.client}`);
    }
    keys.set(id, key);
  }
  return [...keys.values()];
}

/** The client that `token` belongs to, found in a time that tells nothing about any key. */
export function clientOf(token: string, keys: readonly ApiKey[]): string | undefined {
  const digest = sha256(token);
  let client: string | undefined;
  // Digests have equal lengths, and every key is compared.
  for (const key of keys) if (timingSafeEqual(digest, key.digest)) client = key.client;
  return client;
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
