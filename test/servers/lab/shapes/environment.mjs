// Listens on the port that is its first word, and tells what it was told in its environment.
import { createServer } from 'node:http';

const { PUBLIC_URL, OWN, EXTRA } = process.env;
createServer((_request, response) => response.end(JSON.stringify({ PUBLIC_URL, OWN, EXTRA }))).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);
