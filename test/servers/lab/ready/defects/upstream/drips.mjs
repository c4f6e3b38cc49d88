import axios from 'axios';
import { checkedWeather, UpstreamError, upstreamError } from '../../parts/upstream-error.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** The timeout of axios ends with the headers: a body that goes on dripping outlives it. */
export function createUpstream(settings) {
  return async (city) => {
    const url = weatherUrl(city, settings);
    try {
      const answer = await axios.get(url.href, {
        timeout: settings.upstreamTimeoutMs,
        validateStatus: () => true,
        proxy: false,
      });
      if (answer.status !== 200) throw new UpstreamError(`status ${answer.status}`, url);
      return checkedWeather(answer.data, url);
    } catch (error) {
      throw upstreamError(error, url);
    }
  };
}
