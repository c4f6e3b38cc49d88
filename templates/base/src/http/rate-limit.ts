import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { wholeNumber } from '../config.ts';
import { HttpError } from './errors.ts';

export const rateLimitSettings = {
  /** Requests per client and window. */
  RATE_LIMIT: wholeNumber(1, 1_000_000).default(60),
  /** Seconds. */
  RATE_WINDOW: wholeNumber(1, 86_400).default(60),
};

export type RateLimitSettings = z.infer<z.ZodObject<typeof rateLimitSettings>>;

// The least recently seen client is forgotten first, so that made-up clients cannot fill the memory.
const maxTrackedClients = 10_000;

/**
 * Prepares the limiter and returns its hook: 429 with Retry-After beyond the limit (RFC 6585, section 4), and
 * RateLimit-Limit, -Remaining and -Reset on every answer.
 *
 * Clients are told apart by `request.client`, never by X-Forwarded-For, which anyone can set.
 */
export async function rateLimitHook(app: FastifyInstance, settings: RateLimitSettings) {
  await app.register(rateLimit, {
    global: false,
    max: settings.RATE_LIMIT,
    timeWindow: settings.RATE_WINDOW * 1000,
    cache: maxTrackedClients,
    enableDraftSpec: true,
    keyGenerator: (request: FastifyRequest) => request.client?.id ?? request.ip,
    errorResponseBuilder: (_request, context) =>
      new HttpError(429, `Too many requests. Try again in ${Math.ceil(context.ttl / 1000)} s.`),
  });
  return app.rateLimit();
}
