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
