import { get } from 'node:https';
import { json } from 'node:stream/consumers';

export function getJson(url, limitMs) {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(limitMs) }, (response) => {
      if (response.statusCode === 200) json(response).then(resolve, reject);
      else reject(new Error(`HTTP ${response.statusCode}`));
    });
    request.on('error', reject);
  });
}
