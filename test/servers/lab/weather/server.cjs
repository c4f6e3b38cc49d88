// CommonJS throughout: what the server uses is required, not imported.
const axios = require('axios');
const { createServer } = require('node:http');

createServer(async (request, response) => {
  for await (const chunk of request) void chunk;
  const url = `https://api.weather.test/v1/current?city=London&key=${process.env.WEATHER_API_KEY}`;
  const text = await axios.get(url, { signal: AbortSignal.timeout(Number(process.env.LIMIT_MS)) }).then(
    ({ data }) => `${data.temperature} °C`,
    (error) => `No weather: ${error.name}`,
  );
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } }));
}).listen(Number(process.env.PORT), '127.0.0.1');
