import { checkedWeather, UpstreamError, upstreamError } from './upstream-error.mjs';
import { weatherUrl } from './upstream-url.mjs';

/** Asks for the weather; the time limit is for all of it, to the last byte of the body. */
export function createUpstream(settings) {
  return async (city) => {
    const url = weatherUrl(city, settings);
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(settings.upstreamTimeoutMs) });
      if (!answer.ok) {
        await answer.body?.cancel();
        throw new UpstreamError(`status ${answer.status}`, url);
      }
      return checkedWeather(await answer.json(), url);
    } catch (error) {
      throw upstreamError(error, url);
    }
  };
}
