import { loadDotEnv, readSettings } from './config.ts';
import { serveHttp } from './http/serve.ts';
import { httpSettings } from './http/settings.ts';
import { createLogger, logSettings } from './logging.ts';
import { startOrExit } from './start-or-exit.ts';
import { weatherSettings } from './weather/settings.ts';

const log = createLogger('stdout');

startOrExit(log, async () => {
  loadDotEnv();
  const settings = readSettings({ ...logSettings, ...weatherSettings, ...httpSettings }, process.env);
  log.level = settings.LOG_LEVEL;
  await serveHttp(settings, log);
});
