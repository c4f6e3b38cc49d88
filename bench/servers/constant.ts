// The floor: a constant answer from node:http. What is missing to it is the price of HTTP and of the load generator.
import { createServer } from 'node:http';
import { getForecast, getWeather, port } from './weather.ts';

const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: await getWeather.answer() });
const tools = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  result: { tools: [getWeather, getForecast].map(({ name }) => ({ name })) },
});

createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(body.includes('"tools/list"') ? tools : answer);
  });
}).listen(port, '127.0.0.1');
