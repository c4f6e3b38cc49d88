/**
 * The parts of undici that the collector needs, from the library's own files: the index also loads fetch, web sockets, caches
 * and mocks, and takes three times as long. The exact version keeps the paths valid.
 */
import type { Dispatcher } from 'undici';
import requestOver from 'undici/lib/api/api-request.js';

export { default as buildConnector } from 'undici/lib/core/connect.js';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';

/** The library's `request`, for a URL and a dispatcher. */
export function request(
  { origin, pathname, search }: URL,
  { dispatcher, ...options }: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { dispatcher: Dispatcher },
): Promise<Dispatcher.ResponseData> {
  return requestOver.call(dispatcher, { ...options, origin, path: `${pathname}${search}` });
}
