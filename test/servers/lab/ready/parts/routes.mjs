import { send } from './send.mjs';

/** Everything by its path; while the server drains, nothing but the ending of what was begun. */
export function createRoutes({ endpoint, health, metrics, shutdown, log }) {
  const routes = {
    '/mcp': endpoint,
    '/health': async (_request, response) => {
      const { ok, ...body } = await health();
      send(response, ok ? 200 : 503, body, { 'cache-control': 'no-store' });
    },
    '/livez': (_request, response) => send(response, 200, { status: 'ok' }),
    '/metrics': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(metrics.text());
    },
  };
  return async (request, response) => {
    response.on('error', () => {});
    if (shutdown.draining()) return send(response, 503, { status: 'draining' }, { connection: 'close' });
    const [path] = (request.url ?? '/').split('?');
    if (!Object.hasOwn(routes, path)) return send(response, 404, { error: 'not found' });
    try {
      await routes[path](request, response);
    } catch (error) {
      // A client that went away in the middle of its body comes here too.
      log.warn('A request came to nothing', { error: error.code ?? error.name });
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: 'internal error' });
    }
  };
}
