/**
 * What the collector needs of undici, from the library's own files: its index loads fetch, web sockets, caches and
 * mocks as well, and takes three times as long. The library's version is exact, so the files are where they were.
 */
import type { Dispatcher } from 'undici';
import requestOver from 'undici/lib/api/api-request.js';

export { default as buildConnector } from 'undici/lib/core/connect.js';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';

/** The library's `request`, for a URL and over a dispatcher that are always given. */
export function request(
  { origin, pathname, search }: URL,
  { dispatcher, ...options }: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { dispatcher: Dispatcher },
): Promise<Dispatcher.ResponseData> {
  return requestOver.call(dispatcher, { ...options, origin, path: `${pathname}${search}` });
}
