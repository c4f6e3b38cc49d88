import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { loadDotEnv, readSettings } from './config.ts';
import { openSink } from './log-sink.ts';
import { createLogger } from './logging.ts';
import { startObservers } from './observers.ts';
import { createServer } from './server.ts';
import { createServices } from './services.ts';
import { coreSettings } from './settings.ts';
import { startOrExit } from './start-or-exit.ts';

// stdout belongs to the protocol here: one line that is not JSON-RPC and the client hangs up.
const log = createLogger(openSink('stderr'));

startOrExit(log, async () => {
  loadDotEnv();
  const settings = readSettings(coreSettings, process.env);
  log.level = settings.LOG_LEVEL;

  const services = createServices(settings);
  const { events } = services;
  const stopObservers = await startObservers({ events, log, settings });
  const connection = serveStdio(() => createServer(services), {
    onerror: (error) => events.emit('messageRefused', { reason: error.message }),
  });
  log.info('serving on stdio');

  // A client that closes stdin is done: the SDK ends the connection, and with nothing left to do the process ends, too.
  const stop = async () => {
    await connection.close();
    await services.close();
    await stopObservers();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
});
