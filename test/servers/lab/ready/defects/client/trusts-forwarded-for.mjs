import { clientOf as trueClientOf } from '../../parts/client.mjs';

/** Anybody is whoever a header says. */
export function clientOf(request, key, settings) {
  return request.headers['x-forwarded-for'] ?? trueClientOf(request, key, settings);
}
