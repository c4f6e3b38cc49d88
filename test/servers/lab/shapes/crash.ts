// Ends at the start with an error that nothing catches, unless it has its key.
import { createServer } from 'node:http';

interface Settings {
  key: string;
  port: number;
}

function readSettings({ AIRTABLE_API_KEY: key, PORT: port }: NodeJS.ProcessEnv): Settings {
  if (!key) throw new Error('Missing required environment variable AIRTABLE_API_KEY');
  return { key, port: Number(port) };
}

const { port } = readSettings(process.env);
createServer((_request, response) => response.end()).listen(port, '127.0.0.1');
