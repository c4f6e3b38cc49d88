import type { FastifyInstance } from 'fastify';
import type { Drain } from '../process/drain.ts';
import type { HealthProbe } from './health-probe.ts';

/**
 * What platforms poll. No key, no rate limit, any Host: a probe has none of them to offer.
 *
 * - `/health` is for people and monitors: is the whole service of use, its upstream included?
 * - `/livez` is for restarts: is the process alive? An upstream that is down must not restart it.
 * - `/readyz` is for load balancers: should it get new requests? Not while it shuts down.
 */
export function healthRoutes(app: FastifyInstance, { probe, drain }: { probe: HealthProbe; drain: Drain }) {
  const options = { config: { quiet: true } };

  app.get('/health', options, async (_request, reply) => {
    const connected = await probe.check();
    return reply.code(connected ? 200 : 503).send({
      status: connected ? 'healthy' : 'degraded',
      server: 'operational',
      api_connectivity: connected,
    });
  });

  app.get('/livez', options, async () => ({ status: 'alive' }));

  app.get('/readyz', options, async (_request, reply) =>
    drain.started ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' },
  );
}
