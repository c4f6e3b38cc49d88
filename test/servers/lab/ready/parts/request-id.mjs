import { randomUUID } from 'node:crypto';

/** The caller's, where it is a plain short word, so that lines of several services are found together. */
export function requestIdOf(headers) {
  const given = headers['x-request-id'];
  return /^[\w.-]{1,64}$/.test(given ?? '') ? given : randomUUID();
}
