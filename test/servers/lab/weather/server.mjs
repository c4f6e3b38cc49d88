// A small MCP server (2025-11-25, stateless) with one tool, whose upstream call is made by the client that CLIENT names.
import { createServer } from 'node:http';

const { getJson } = await import(new URL(`${process.env.CLIENT}.mjs`, import.meta.url));
const limitMs = Number(process.env.LIMIT_MS ?? 3_000);
const { MCP_API_KEY: token, WEATHER_API_KEY: key } = process.env;

const tool = {
  name: 'get_weather',
  description: 'Weather in a city',
  annotations: { readOnlyHint: true },
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function call({ city }) {
  const url = `https://api.weather.test/v1/current?city=${encodeURIComponent(city)}&key=${key}`;
  try {
    const weather = await getJson(url, limitMs);
    return { content: [{ type: 'text', text: `${weather.temperature} °C` }] };
  } catch (error) {
    return { isError: true, content: [{ type: 'text', text: `No weather: ${error.name}` }] };
  }
}

async function answer({ method, params }) {
  if (method === 'initialize') {
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'weather', version: '1.0.0' },
    };
  }
  if (method === 'tools/list') return { tools: [tool] };
  if (method === 'tools/call') return call(params.arguments);
  return undefined;
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

createServer(async (request, response) => {
  if (request.url === '/health') return send(response, 200, { status: 'ok' });
  if (request.url !== '/mcp') return send(response, 404, { error: 'not found' });
  if (token && request.headers.authorization !== `Bearer ${token}`) return send(response, 401, {});
  if (request.method !== 'POST') return send(response, 405, {});
  let text = '';
  for await (const chunk of request) text += chunk;
  const message = JSON.parse(text);
  if (message.id === undefined) return send(response, 202);
  const result = await answer(message);
  const error = { code: -32601, message: 'Method not found' };
  send(response, 200, { jsonrpc: '2.0', id: message.id, ...(result === undefined ? { error } : { result }) });
}).listen(Number(process.env.PORT), '127.0.0.1');
