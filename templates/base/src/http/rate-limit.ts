import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import type { Events } from '../events.ts';
import type { Store, Verdict } from '../store/contract.ts';
import { HttpError } from './errors.ts';

export const rateLimitSettings = {
  /** Requests per client and window. */
  RATE_LIMIT: wholeNumber(1, 1_000_000).default(60),
  /** Seconds. */
  RATE_WINDOW: wholeNumber(1, 86_400).default(60),
};

export type RateLimitSettings = z.infer<z.ZodObject<typeof rateLimitSettings>>;

/**
 * Returns the hook that limits: 429 with Retry-After beyond the limit (RFC 6585, section 4), and RateLimit-Limit,
 * -Remaining and -Reset on every answer. Clients are told apart by `request.client`.
 */
export function limitRate(settings: RateLimitSettings, { store, events }: { store: Store; events: Events }) {
  const limit = settings.RATE_LIMIT;
  const limiter = store.limiter({ name: 'requests', limit, windowMs: settings.RATE_WINDOW * 1000 });
  const apply = (client: string, reply: FastifyReply, { allowed, remaining, resetMs }: Verdict): void => {
    events.emit('rateLimit', { client, allowed });
    const reset = Math.ceil(resetMs / 1000);
    reply.header('ratelimit-limit', limit);
    reply.header('ratelimit-remaining', remaining);
    reply.header('ratelimit-reset', reset);
    if (allowed) return;
    reply.header('retry-after', reset);
    throw new HttpError(429, `Too many requests. Try again in ${reset} s.`);
  };
  return (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    const client = request.client?.id ?? request.ip;
    const verdict = limiter.take(client);
    if (verdict instanceof Promise) return verdict.then((late) => apply(client, reply, late));
    apply(client, reply, verdict);
  };
}
