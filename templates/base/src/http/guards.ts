import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Drain } from '../process/drain.ts';
import type { Services } from '../services.ts';
import type { Auth } from './client.ts';
import { HttpError } from './errors.ts';
import { checkHostAndOrigin } from './host-and-origin.ts';
import { type Guard, inTurn } from './in-turn.ts';
import { limitRate } from './rate-limit.ts';
import type { HttpSettings } from './settings.ts';

/** Route options that put the checks before an endpoint. */
export interface Guards {
  onRequest: Hook;
  preHandler: Hook;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/**
 * What a request to an MCP endpoint must pass, in this order; all but the last two before its body is read. Refusing is
 * cheapest first, and the rate limit is between finding out who asks and refusing strangers: see `Auth`.
 */
export function createGuards(
  settings: HttpSettings,
  { auth, drain, services }: { auth: Auth; drain: Drain; services: Services },
): Guards {
  const onRequest: Guard[] = [
    refuseWhenDraining(drain),
    checkHostAndOrigin({
      ...settings,
      ALLOWED_HOSTS: [...settings.ALLOWED_HOSTS, ...(auth.hosts ?? [])],
    }),
    auth.identify,
    limitRate(settings, services),
    auth.require,
  ];
  const preHandler: Guard[] = [beginWork(drain), ...(auth.authorize === undefined ? [] : [auth.authorize])];
  return { onRequest: inTurn(onRequest), preHandler: inTurn(preHandler) };
}

function refuseWhenDraining(drain: Drain) {
  return (_request: FastifyRequest, { raw }: FastifyReply) => {
    if (drain.refusing) throw shuttingDown();
    drain.arrive(raw);
    raw.once('close', () => drain.end(raw));
  };
}

function beginWork(drain: Drain) {
  return (_request: FastifyRequest, { raw }: FastifyReply) => {
    // Its body came too late, or never.
    if (!drain.begin(raw)) throw shuttingDown();
  };
}

function shuttingDown(): HttpError {
  return new HttpError(503, 'The server is shutting down. Try again in a moment.', { 'retry-after': '5' });
}
