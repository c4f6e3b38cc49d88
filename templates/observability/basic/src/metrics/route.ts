import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { about } from '../about.ts';

/** `/metrics` in Prometheus's format. Any Host and no rate limit, like a probe; a key of its own when `token` is given. */
export function metricsRoute(app: FastifyInstance, registry: Registry, token: string | undefined): void {
  app.get('/metrics', { config: { quiet: true } }, async (request, reply) => {
    if (token !== undefined && !presents(request, token)) {
      return reply
        .code(401)
        .header('www-authenticate', `Bearer realm="${about.name} metrics"`)
        .send({ error: 'Unauthorized' });
    }
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });
}

/** Digests have one length, so that the comparison takes the same time whatever was sent. */
function presents(request: FastifyRequest, token: string): boolean {
  return timingSafeEqual(
    sha256((request.headers.authorization ?? '').replace(/^bearer +/i, 'Bearer ')),
    sha256(`Bearer ${token}`),
  );
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
