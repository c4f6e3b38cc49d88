import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Events } from '../events.ts';
import type { Store, Verdict } from '../store/contract.ts';
import { messagesIn } from './arrays.ts';
import { HttpError } from './errors.ts';
import type { Guard } from './in-turn.ts';

export const rateLimitSettings = {
  /** Requests per client and window. */
  RATE_LIMIT: wholeNumber(1, 1_000_000).default(60),
  /** Seconds. */
  RATE_WINDOW: wholeNumber(1, 86_400).default(60),
};

export type RateLimitSettings = z.infer<z.ZodObject<typeof rateLimitSettings>>;

/** Both count for the same limit. */
export interface RateLimit {
  /** For the request, before its body is read. */
  countRequest: Guard;
  /** For the messages of its body beyond the first. A refused array has cost no more than the request. */
  countMessages: Guard;
}

/**
 * Returns the guards that limit: 429 with Retry-After beyond the limit (RFC 6585, section 4), and RateLimit-Limit,
 * -Remaining and -Reset on every answer. Clients are told apart by `request.client`.
 */
export function createRateLimit(
  settings: RateLimitSettings,
  { store, events }: { store: Store; events: Events },
): RateLimit {
  const limit = settings.RATE_LIMIT;
  const limiter = store.limiter({ name: 'requests', limit, windowMs: settings.RATE_WINDOW * 1000 });
  const take = (request: FastifyRequest, reply: FastifyReply, count: number, needed: number) => {
    const client = request.client?.id ?? request.ip;
    const apply = ({ allowed, remaining, resetMs }: Verdict): void => {
      events.emit('rateLimit', { client, messages: count, allowed });
      const reset = Math.ceil(resetMs / 1000);
      reply.header('ratelimit-limit', limit);
      reply.header('ratelimit-remaining', remaining);
      reply.header('ratelimit-reset', reset);
      if (allowed) return;
      reply.header('retry-after', reset);
      throw new HttpError(429, `Too many requests. Try again in ${reset} s.`);
    };
    const verdict = limiter.take(client, count, needed);
    return verdict instanceof Promise ? verdict.then(apply) : apply(verdict);
  };
  return {
    countRequest: (request, reply) => take(request, reply, 1, 1),
    countMessages: (request, reply) => {
      const messages = messagesIn(request);
      return messages > 1 ? take(request, reply, messages - 1, messages) : undefined;
    },
  };
}
