import type { FastifyInstance, HTTPMethods } from 'fastify';
import { HttpError } from './errors.ts';
import type { Guards } from './guards.ts';

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Refuses on `url` what is not `allowed`: 405 with Allow (RFC 9110, section 15.5.6), after the guards, so that strangers
 * learn nothing and preflights are answered.
 */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: HTTPMethods, guards: Guards) {
  app.route({
    method: methods.filter((method) => method !== allowed),
    url,
    ...guards,
    handler: async () => {
      throw new HttpError(405, `Only ${allowed} is served here.`, { allow: allowed });
    },
  });
}
