import { createServer } from 'node:http';

const port: number = Number(process.env.PORT);
createServer((_request, response) => response.end('ok')).listen(port, '127.0.0.1');
