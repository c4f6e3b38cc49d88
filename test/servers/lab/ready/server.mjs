// An MCP server (2025-11-25, stateless Streamable HTTP) that is ready for production, by hand and without a build.
// DEFECT=<name> puts defects/<part>/<name>.mjs in the place of parts/<part>.mjs: the difference is the defect.
// MCP_AUTH=none takes the credential away, so that clients are told apart by their addresses.
import { createServer } from 'node:http';
import { parts } from './part.mjs';

const { readSettings, createLog, prepare, createService, createHealth, createRateLimit, ...http } =
  await parts(
    'settings',
    'log',
    'place',
    'service',
    'health',
    'rate-limit',
    'sessions',
    'streams',
    'endpoint',
    'routes',
    'shutdown',
    'listen',
  );
const log = createLog(process.stdout);
const open = process.env.MCP_AUTH === 'none';
const settings = readSettings(['WEATHER_API_KEY', ...(open ? [] : ['MCP_API_KEY'])], log);
prepare(log);

const service = await createService(settings, log);
const streams = http.createStreams();
const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 });
const shutdown = http.createShutdown({ server, streams, log });
const endpoint = await http.createEndpoint({
  settings,
  log,
  streams,
  answer: service.answer,
  rateLimit: createRateLimit(settings),
  sessions: http.createSessions(),
});
const health = createHealth({ probe: () => service.currentWeather('London'), settings });
server.on('request', http.createRoutes({ endpoint, health, metrics: service.metrics, shutdown, log }));
await http.listen(server, settings, log);
