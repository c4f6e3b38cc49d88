// The same server, mounted below /api.
import http from 'node:http';

const { createServer } = http;
http.createServer = (handler) =>
  createServer((request, response) => {
    request.url = request.url === '/api/mcp' ? '/mcp' : '/none';
    handler(request, response);
  });
const { syncBuiltinESMExports } = await import('node:module');
syncBuiltinESMExports();
await import('./server.mjs');
