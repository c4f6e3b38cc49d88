import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text) => createHash('sha256').update(text).digest();

/** Whose key a request carries, as a number; undefined: nobody's. Everybody is 0 where no key is asked for. */
export function createAuth({ apiKeys }) {
  if (apiKeys === undefined) return () => 0;
  const wanted = apiKeys.map(digest);
  return ({ headers }) => {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (given === undefined) return undefined;
    const found = wanted.findIndex((key) => timingSafeEqual(digest(given), key));
    return found === -1 ? undefined : found;
  };
}
