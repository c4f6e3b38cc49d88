import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { loadDotEnv, readSettings } from './config.ts';
import { createLogger, logSettings } from './logging.ts';
import { createServer } from './server.ts';
import { startOrExit } from './start-or-exit.ts';
import { weatherSettings } from './weather/settings.ts';
import { createWeather } from './weather/weather.ts';

// stdout belongs to the protocol here: one line that is not JSON-RPC and the client hangs up.
const log = createLogger('stderr');

startOrExit(log, async () => {
  loadDotEnv();
  const settings = readSettings({ ...logSettings, ...weatherSettings }, process.env);
  log.level = settings.LOG_LEVEL;

  const weather = createWeather(settings, log);
  const connection = serveStdio(() => createServer({ weather, log }), {
    onerror: (error) => log.warn({ reason: error.message }, 'message refused'),
  });
  log.info('serving on stdio');

  // A client that closes stdin is done: the SDK ends the connection, and with nothing left to do the process ends, too.
  const stop = async () => {
    await connection.close();
    await weather.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
});
