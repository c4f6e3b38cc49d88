import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Drain } from '../process/drain.ts';

/** A mounted endpoint. */
export interface Endpoint {
  /** Ends the streams that clients hold open. Called when the calls in flight are over, or out of time. */
  close(): Promise<void>;
}

/** The HTTP server, as what starts and ends it sees it. */
export interface HttpApp {
  app: FastifyInstance;
  servers: readonly Server[];
  endpoints: readonly Endpoint[];
  drain: Drain;
}
