// The server of server.mjs on stdin and stdout: a line of JSON-RPC each, the log on stderr.
import { parts } from './part.mjs';

const { readSettings, createLog, prepare, createService, createShutdown, serve } = await parts(
  'settings',
  'log',
  'place',
  'service',
  'stdio-shutdown',
  'stdio',
);
const log = createLog(process.stderr);
const settings = readSettings(['WEATHER_API_KEY'], log);
prepare(log);

const service = await createService(settings, log);
serve({ answer: service.answer, shutdown: createShutdown({ log }), log });
