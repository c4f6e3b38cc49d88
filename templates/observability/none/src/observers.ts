import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import type { Events } from './events.ts';
import { logEvents } from './logging/log-events.ts';
import { type Logger, logSettings } from './logging/logger.ts';

export const observerSettings = { ...logSettings };

export type ObserverSettings = z.infer<z.ZodObject<typeof observerSettings>>;

export interface Observed {
  events: Events;
  log: Logger;
  settings: ObserverSettings;
  /** For observers with a route of their own. There is none over stdio. */
  app?: FastifyInstance;
}

/** Lets everyone subscribe who watches this server. Returns how to stop them, with what they still hold delivered. */
export async function startObservers({ events, log }: Observed): Promise<() => Promise<void>> {
  logEvents(events, log);
  return async () => {};
}
