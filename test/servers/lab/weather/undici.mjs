import { Agent, request } from 'undici';

const dispatcher = new Agent({ connections: 4 });

export async function getJson(url, limitMs) {
  const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(limitMs) });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return body.json();
}
