import { type Fault, sendJson } from '../held-request.ts';

/** 429 with `Retry-After: 1` (RFC 6585 section 4). */
export const tooManyRequests: Fault = (held) =>
  sendJson(held, 429, { message: 'Too many requests' }, { 'retry-after': '1' });
