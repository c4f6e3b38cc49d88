import { get } from 'node:https';
import { json } from 'node:stream/consumers';
import { checkedWeather, UpstreamError } from '../../parts/upstream-error.mjs';
import { weatherUrl } from '../../parts/upstream-url.mjs';

/** Nobody listens to the errors of the connection: one of them ends the process. */
export function createUpstream(settings) {
  return async (city) => {
    const url = weatherUrl(city, settings);
    const answer = await new Promise((resolve) => get(url, resolve));
    if (answer.statusCode === 200) return checkedWeather(await json(answer), url);
    answer.resume();
    throw new UpstreamError(`status ${answer.statusCode}`, url);
  };
}
