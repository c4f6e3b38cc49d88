import { createUpstream as create } from '../../parts/upstream.mjs';
import { upstreamError } from '../../parts/upstream-error.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Asks a second time, with the token that clients send. */
export function createUpstream(settings, log) {
  const currentWeather = create(settings, log);
  return async (city) => {
    const url = weatherUrl(city, settings);
    const headers = { authorization: `Bearer ${settings.apiKeys[0]}` };
    const signal = AbortSignal.timeout(settings.upstreamTimeoutMs);
    const answer = await fetch(url, { headers, signal }).catch((error) => {
      throw upstreamError(error, url);
    });
    await answer.body?.cancel();
    return currentWeather(city);
  };
}
