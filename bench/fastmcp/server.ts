// fastmcp without sessions and with plain JSON answers, its fastest mode for single calls.
import { FastMCP } from 'fastmcp';
import * as z from 'zod';
import { currentWeather, getForecast, getWeather, port } from '../servers/weather.ts';

const server = new FastMCP({ name: 'weather', version: '1.0.0' });
for (const tool of [getWeather, getForecast]) {
  const { name, title, description, annotations } = tool;
  server.addTool({
    name,
    description,
    parameters: z.object(tool.input),
    outputSchema: z.object(tool.output),
    annotations: { title, ...annotations },
    execute: tool.answer,
  });
}
server.addResourceTemplate({
  uriTemplate: currentWeather.template,
  name: currentWeather.name,
  description: currentWeather.description,
  mimeType: currentWeather.mimeType,
  arguments: [{ name: 'city', required: true }],
  load: async () => ({ text: await currentWeather.text() }),
});

await server.start({
  transportType: 'httpStream',
  httpStream: { host: '127.0.0.1', port, stateless: true, enableJsonResponse: true },
});
