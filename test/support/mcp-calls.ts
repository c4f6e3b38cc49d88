import type { GeneratedServer } from './generated-server.ts';

/** One bare call of `get_weather`, with no MCP client around it. */
export function postCall(
  { url, token }: Pick<GeneratedServer, 'url' | 'token'>,
  city: string,
): Promise<Response> {
  const params = { name: 'get_weather', arguments: { city } };
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
}

/** What is wrong with the answer of `get_weather` for a city, if anything. */
export async function problemOf(answer: Response, temperature: number): Promise<string | undefined> {
  const text = await answer.text();
  if (answer.status !== 200) return `${answer.status}: ${text}`;
  return text.includes(`"temperature":${temperature},`) ? undefined : text;
}

/** The statuses of calls one after the other. */
export async function statusesOf(
  server: Pick<GeneratedServer, 'url' | 'token'>,
  count: number,
): Promise<number[]> {
  const statuses = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await postCall(server, 'Oslo');
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}
