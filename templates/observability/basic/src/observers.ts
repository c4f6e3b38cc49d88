import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { alertSettings } from './alerts/settings.ts';
import type { Events } from './events.ts';
import { logEvents } from './logging/log-events.ts';
import { type Logger, logSettings } from './logging/logger.ts';
import { metricsSettings } from './metrics/settings.ts';
import { traceSettings, tracesUrl } from './traces/settings.ts';

export const observerSettings = { ...logSettings, ...metricsSettings, ...alertSettings, ...traceSettings };

export type ObserverSettings = z.infer<z.ZodObject<typeof observerSettings>>;

export interface Observed {
  events: Events;
  log: Logger;
  settings: ObserverSettings;
  /** For observers with a route of their own. There is none over stdio. */
  app?: FastifyInstance;
}

/**
 * Lets everyone subscribe who watches this server. Returns how to stop them, with what they still hold delivered. What is
 * not wanted is not even loaded.
 */
export async function startObservers({ events, log, settings, app }: Observed): Promise<() => Promise<void>> {
  const stops: Array<() => Promise<void>> = [];
  logEvents(events, log);
  if (app !== undefined) {
    const [{ collectMetrics }, { metricsRoute }] = await Promise.all([
      import('./metrics/metrics.ts'),
      import('./metrics/route.ts'),
    ]);
    metricsRoute(app, collectMetrics(events), settings.METRICS_TOKEN);
  }
  if (settings.ALERT_WEBHOOK_URL !== undefined) {
    const { startAlerts } = await import('./alerts/start.ts');
    stops.push(startAlerts(settings.ALERT_WEBHOOK_URL, events, log));
  }
  const url = tracesUrl(settings);
  if (url !== undefined) {
    const { startTraces } = await import('./traces/start.ts');
    stops.push(startTraces(url, settings, events, log));
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
