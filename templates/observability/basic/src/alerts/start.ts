import type { Events } from '../events.ts';
import type { Logger } from '../logging/logger.ts';
import { onCrash } from '../process/start-or-exit.ts';
import { Alerts } from './alerts.ts';
import { raiseAlerts } from './conditions.ts';
import { post } from './webhook.ts';

/** Sends alerts to a webhook. Returns how to stop, with what is untold delivered, or given up after a while. */
export function startAlerts(url: string, events: Events, log: Logger): () => Promise<void> {
  const alerts = new Alerts({ log, send: (text, signal) => post(url, text, signal) });
  const tellOfCrash = raiseAlerts(events, alerts);
  const forget = onCrash(async () => {
    tellOfCrash();
    await alerts.stop();
  });
  return async () => {
    forget();
    await alerts.stop();
  };
}
