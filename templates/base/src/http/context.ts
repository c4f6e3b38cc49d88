import type { FastifyBaseLogger } from 'fastify';
import type { Drain } from '../process/drain.ts';
import type { Services } from '../services.ts';
import type { Auth } from './client.ts';
import type { Guards } from './guards.ts';
import type { HttpSettings } from './settings.ts';
import type { Streams } from './streams.ts';

/** What an endpoint is mounted with. */
export interface HttpContext {
  settings: HttpSettings;
  services: Services;
  log: FastifyBaseLogger;
  auth: Auth;
  drain: Drain;
  streams: Streams;
  /** What every request to an MCP endpoint must pass. */
  guards: Guards;
}

/** A mounted endpoint. */
export interface Endpoint {
  /** Ends the streams that clients hold open. Called when the calls in flight are over, or out of time. */
  close(): Promise<void>;
}
