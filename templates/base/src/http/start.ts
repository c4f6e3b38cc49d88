import { batchLines } from '../batched-lines.ts';
import { loadDotEnv, readSettings } from '../config.ts';
import { openSink } from '../log-sink.ts';
import { createLogger } from '../logging.ts';
import { coreSettings } from '../settings.ts';
import { startOrExit } from '../start-or-exit.ts';
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
