import got from 'got';

export function getJson(url, limitMs) {
  return got(url, { timeout: { request: limitMs }, retry: { limit: 0 } }).json();
}
