// CommonJS: what asks the upstream is required, not imported. The signal reaches as far as the body.
import { createRequire } from 'node:module';

const axios = createRequire(import.meta.url)('axios');

export async function getJson(url, limitMs) {
  return (await axios.get(url, { signal: AbortSignal.timeout(limitMs) })).data;
}
