import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { commaList } from '../config.ts';
import { HttpError } from './errors.ts';

export const accessSettings = {
  /** Host names. Ports do not matter. */
  ALLOWED_HOSTS: commaList()
    .transform((names) => names.map((name) => name.toLowerCase().replace(/:\d+$/, '')))
    .default([]),
  /** Origins as browsers send them: scheme, host, and port if it is not the default one. */
  ALLOWED_ORIGINS: commaList()
    .pipe(
      z.array(z.url({ protocol: /^https?$/, error: 'must hold origins, such as https://app.example.com' })),
    )
    .transform((origins) => origins.map((origin) => new URL(origin).origin))
    .default([]),
};

export type AccessSettings = z.infer<z.ZodObject<typeof accessSettings>>;

/**
 * Returns a hook that defends against DNS rebinding and against web pages that call this server through their visitor's
 * browser. The specification demands it: a bad Origin is answered with 403.
 *
 * - Host: localhost and IP addresses always pass, because rebinding needs a name that the attacker controls; every other
 *   name must be listed in ALLOWED_HOSTS. Ports do not matter.
 * - Origin: most clients are no browsers and send none, which passes. With ALLOWED_ORIGINS empty, pages on this machine
 *   may call; otherwise exactly the listed origins may.
 */
export function checkHostAndOrigin(settings: AccessSettings) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    if (!hostAllowed(request.headers.host, settings.ALLOWED_HOSTS)) {
      throw new HttpError(403, 'This Host is not served here. The operator can add it to ALLOWED_HOSTS.');
    }
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    if (!originAllowed(origin, settings.ALLOWED_ORIGINS)) {
      throw new HttpError(403, 'This Origin may not call. The operator can add it to ALLOWED_ORIGINS.');
    }
    reply.header('access-control-allow-origin', origin).header('vary', 'origin');
    reply.header('access-control-expose-headers', 'www-authenticate, retry-after, x-request-id');
    // A preflight carries no credentials (https://fetch.spec.whatwg.org/#cors-preflight-fetch), so it ends here.
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      return reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST, DELETE')
        .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
        .header('access-control-max-age', '600')
        .send();
    }
    return undefined;
  };
}

function hostAllowed(header: string | undefined, names: readonly string[]): boolean {
  const name = hostname(`http://${header ?? ''}`);
  return name !== undefined && (isLoopbackName(name) || isAddress(name) || names.includes(name));
}

function originAllowed(origin: string, listed: readonly string[]): boolean {
  if (listed.length > 0) return listed.includes(origin);
  const name = hostname(origin);
  return name !== undefined && isLoopbackName(name);
}

/** The name in a URL in lower case, IPv6 addresses in brackets; undefined for what is no URL ("null" is none). */
function hostname(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** IPv6 addresses in brackets, as in URLs. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}
