import { checkedWeather, UpstreamError, upstreamError } from '../../parts/upstream-error.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Asks for the weather, and waits for as long as it takes. */
export function createUpstream(settings) {
  return async (city) => {
    const url = weatherUrl(city, settings);
    try {
      const answer = await fetch(url);
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
