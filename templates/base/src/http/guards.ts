import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Drain } from '../process/drain.ts';
import type { Services } from '../services.ts';
import { checkArray, messagesIn } from './arrays.ts';
import type { Auth } from './client.ts';
import { HttpError } from './errors.ts';
import { checkHostAndOrigin } from './host-and-origin.ts';
import { type Guard, inTurn } from './in-turn.ts';
import { type Overload, overloaded } from './overload.ts';
import { createRateLimit } from './rate-limit.ts';
import type { HttpSettings } from './settings.ts';

/** Route options that put the checks before an endpoint. */
export interface Guards {
  onRequest: Hook;
  preHandler: Hook;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/**
 * What a request to an MCP endpoint must pass, in this order: first what can be known before its body is read. Refusing is
 * cheapest first, and the rate limit is between finding out who asks and refusing strangers: see `Auth`.
 */
export function createGuards(
  settings: HttpSettings,
  { auth, drain, overload, services }: { auth: Auth; drain: Drain; overload: Overload; services: Services },
): Guards {
  const rateLimit = createRateLimit(settings, services);
  const onRequest: Guard[] = [
    refuseWhenDraining(drain),
    checkHostAndOrigin({
      ...settings,
      ALLOWED_HOSTS: [...settings.ALLOWED_HOSTS, ...(auth.hosts ?? [])],
    }),
    auth.identify,
    rateLimit.countRequest,
    auth.require,
  ];
  const preHandler: Guard[] = [
    checkArray(settings.RATE_LIMIT),
    beginWork(drain, overload),
    rateLimit.countMessages,
    ...(auth.authorize === undefined ? [] : [auth.authorize]),
  ];
  return { onRequest: inTurn(onRequest), preHandler: inTurn(preHandler) };
}

function refuseWhenDraining(drain: Drain) {
  return (_request: FastifyRequest, { raw }: FastifyReply) => {
    if (drain.refusing) throw shuttingDown();
    drain.arrive(raw);
    raw.once('close', () => drain.end(raw));
  };
}

/** Each message is a call in flight. The response stands for the first. */
function beginWork(drain: Drain, overload: Overload) {
  return (request: FastifyRequest, { raw }: FastifyReply) => {
    const messages = messagesIn(request);
    if (overload.refuseCalls(messages)) {
      throw new HttpError(503, overloaded, { 'retry-after': '1' });
    }
    // Its body came too late, or never.
    if (!drain.begin(raw)) throw shuttingDown();
    if (messages === 1) return;
    const others = Array.from({ length: messages - 1 }, () => ({}));
    for (const work of others) drain.begin(work);
    raw.once('close', () => {
      for (const work of others) drain.end(work);
    });
  };
}

function shuttingDown(): HttpError {
  return new HttpError(503, 'The server is shutting down. Try again in a moment.', { 'retry-after': '5' });
}
