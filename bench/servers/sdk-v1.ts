// SDK v1 on Express, without sessions, as its own stateless example does it: a server and a transport per request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { currentWeather, getForecast, getWeather, port } from './weather.ts';

function createServer(): McpServer {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  for (const tool of [getWeather, getForecast]) {
    const { title, description, annotations } = tool;
    server.registerTool(
      tool.name,
      { title, description, inputSchema: tool.input, outputSchema: tool.output, annotations },
      tool.answer,
    );
  }
  const { title, description, mimeType } = currentWeather;
  server.registerResource(
    currentWeather.name,
    new ResourceTemplate(currentWeather.template, { list: undefined }),
    { title, description, mimeType },
    async (uri) => ({ contents: [{ uri: uri.href, mimeType, text: await currentWeather.text() }] }),
  );
  return server;
}

const app = createMcpExpressApp();
app.post('/mcp', async (request: IncomingMessage & { body: unknown }, response: ServerResponse) => {
  const server = createServer();
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => {
    transport.close();
    server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
app.listen(port, '127.0.0.1');
