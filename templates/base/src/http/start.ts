import { loadDotEnv, readSettings } from '../config.ts';
import { batchLines } from '../logging/batched-lines.ts';
import { openSink } from '../logging/log-sink.ts';
import { createLogger } from '../logging/logger.ts';
import { startOrExit } from '../process/start-or-exit.ts';
import { coreSettings } from '../settings.ts';
import { serveHttp } from './serve.ts';
import { httpSettings } from './settings.ts';

/** Starts the process that serves HTTP. */
export function startServer(): void {
  const log = createLogger(batchLines(openSink('stdout')));
  startOrExit(log, async () => {
    loadDotEnv();
    const settings = readSettings({ ...coreSettings, ...httpSettings }, process.env);
    log.level = settings.LOG_LEVEL;
    await serveHttp(settings, log);
  });
}
