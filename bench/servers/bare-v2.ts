// The SDK alone: what its quick start leads to, without any middleware.
import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { currentWeather, getForecast, getWeather, port } from './weather.ts';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  for (const tool of [getWeather, getForecast]) {
    const { title, description, annotations } = tool;
    server.registerTool(
      tool.name,
      {
        title,
        description,
        inputSchema: z.object(tool.input),
        outputSchema: z.object(tool.output),
        annotations,
      },
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
});

createServer(toNodeHandler(handler) as RequestListener).listen(port, '127.0.0.1');
