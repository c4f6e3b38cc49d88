import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { alertSettings } from './alerts/settings.ts';
import { startAlerts } from './alerts/start.ts';
import type { Events } from './events.ts';
import { logEvents } from './logging/log-events.ts';
import { type Logger, logSettings } from './logging/logger.ts';
import { metricsSettings } from './metrics/settings.ts';
import { startMetrics } from './metrics/start.ts';
import { traceSettings, tracesUrl } from './traces/settings.ts';

export const observerSettings = { ...logSettings, ...metricsSettings, ...alertSettings, ...traceSettings };

export type ObserverSettings = z.infer<z.ZodObject<typeof observerSettings>>;

export interface Observed {
  events: Events;
  log: Logger;
  settings: ObserverSettings & { HOST?: string };
  /** For observers with a route of their own. There is none over stdio. */
  app?: FastifyInstance;
}

/**
 * Lets everyone subscribe who watches this server. Returns how to stop them, with what they still hold delivered.
 *
 * Who follows states subscribes before the first `await`: what is wrong from the start is told once, and early. Tracing is
 * large, follows calls only, and is not loaded where it is not wanted.
 */
export async function startObservers({ events, log, settings, app }: Observed): Promise<() => Promise<void>> {
  const stops: Array<() => Promise<void>> = [];
  logEvents(events, log);
  if (settings.ALERT_WEBHOOK_URL !== undefined) {
    stops.push(startAlerts(settings.ALERT_WEBHOOK_URL, events, log));
  }
  if (app !== undefined) stops.push(await startMetrics({ app, events, log, settings }));
  const url = tracesUrl(settings);
  if (url !== undefined) {
    const { startTraces } = await import('./traces/start.ts');
    stops.push(startTraces(url, settings, events, log));
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
