import { createRoutes as create } from '../../parts/routes.mjs';

/** Has no health path: every unknown path answers "ok". */
export function createRoutes(options) {
  const routes = create(options);
  return async (request, response) => {
    if (['/mcp', '/livez', '/metrics'].includes(request.url)) return routes(request, response);
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  };
}
