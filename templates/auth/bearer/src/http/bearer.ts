import type { FastifyReply, FastifyRequest } from 'fastify';

/** The token in the Authorization header (RFC 6750, section 2.1), if there is one. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Refuses with a challenge (RFC 6750, section 3). `parameters` are its auth-params; an error code is added only when
 * credentials were presented.
 */
export function refuse(request: FastifyRequest, reply: FastifyReply, parameters: string) {
  const error = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  return reply
    .code(401)
    .header('www-authenticate', `Bearer ${parameters}${error}`)
    .send({ error: 'Unauthorized' });
}
