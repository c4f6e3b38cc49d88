import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text) => createHash('sha256').update(text).digest();

/** Whether a request may pass: with the one key, or where none is asked for. */
export function createAuth({ apiKey }) {
  if (apiKey === undefined) return () => true;
  const wanted = digest(apiKey);
  return ({ headers }) => {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(digest(given), wanted);
  };
}
