import { createRoutes as create } from '../../parts/routes.mjs';

/** Reports its health in one word at /ping. */
export function createRoutes(options) {
  const routes = create(options);
  return async (request, response) => {
    if (request.url === '/health') return response.writeHead(404).end('not found');
    if (request.url !== '/ping' || options.shutdown.draining()) return routes(request, response);
    const { ok, status } = await options.health();
    response.writeHead(ok ? 200 : 503, { 'content-type': 'text/html; charset=utf-8' }).end(status);
  };
}
