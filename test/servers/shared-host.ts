import { request as send } from 'node:http';
import { startDualEraServer } from './dual-era.ts';
import { listen, readBody, sendJson, type TestServer } from './listen.ts';

/** The path below which the good server stands. */
const prefix = '/team/weather';

/** A reverse proxy: below a path the good server of both eras, at the root another one that lets everybody in. */
export async function startSharedHost(): Promise<TestServer> {
  const weather = await startDualEraServer();
  const front = await listen(async (request, response) => {
    const { url = '', method = '', headers } = request;
    if (url.startsWith(`${prefix}/`)) {
      const target = new URL(url.slice(prefix.length), weather.url);
      const passed = send(target, { method, headers: { ...headers, host: weather.url.host } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
      return;
    }
    if (url !== '/mcp' || method !== 'POST') return sendJson(response, 404, { error: 'Not found' });
    const { id } = JSON.parse((await readBody(request)) ?? '{}');
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      serverInfo: { name: 'other', version: '1' },
    };
    sendJson(response, 200, { jsonrpc: '2.0', id, result });
  }, `${prefix}/mcp`);
  return {
    ...front,
    close: async () => {
      await front.close();
      await weather.close();
    },
  };
}
