import { clientOf as trueClientOf } from '../../parts/client.mjs';

/** Anybody is whoever a header says. */
export function clientOf(request, settings) {
  return request.headers['x-forwarded-for'] ?? trueClientOf(request, settings);
}
