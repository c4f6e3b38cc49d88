import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { required } from '../config.ts';
import type { Logger } from '../logging/logger.ts';
import { bearerToken, refuse } from './bearer.ts';
import { type Auth, countedAs, stranger } from './client.ts';
import { HttpError } from './errors.ts';
import { type AccessToken, createVerifier, TokenRefused } from './oauth/access-token.ts';
import { IssuerKeys, KeysUnavailable } from './oauth/issuer-keys.ts';
import { protectedEndpoints } from './oauth/protected-endpoints.ts';
import { limitRefused, TooManyRefused } from './oauth/refused-tokens.ts';
import { metadataRoutes, resourceMetadata } from './oauth/resource-metadata.ts';
import { allScopes, requiredScopes } from './oauth/scopes.ts';
import { remembering } from './oauth/token-cache.ts';
import { isIdentifier } from './oauth/urls.ts';
import { limitedRefusalLog } from './refusal-log.ts';

const error = 'must be an https URL (http for this machine only) without user, query and fragment';

export const authSettings = {
  /** Where clients reach this server, without `/mcp`. */
  PUBLIC_URL: required('the URL at which clients reach this server, without /mcp')
    .refine(isIdentifier, { error })
    .transform((url) => new URL(url).href.replace(/\/+$/, '')),
  /** Letter by letter as the authorization server writes it, the last slash included. */
  OAUTH_ISSUER: required('the issuer URL of the authorization server').refine(isIdentifier, { error }),
  /** What a token's audience must be. The URL of the endpoint unless set. */
  OAUTH_AUDIENCE: z.string().optional(),
};

export type AuthSettings = z.infer<z.ZodObject<typeof authSettings>>;

/** An OAuth 2.1 resource server: clients present access tokens that an authorization server has made for this server. */
export async function createAuth(settings: AuthSettings, log: Logger): Promise<Auth> {
  const { PUBLIC_URL, OAUTH_ISSUER: issuer } = settings;
  const resources = protectedEndpoints.map(({ path, routes }) => ({
    routes: routes as readonly string[],
    ...resourceMetadata(`${PUBLIC_URL}${path}`, issuer, allScopes),
  }));
  const keys = new IssuerKeys({ issuer, log });
  // A wrong issuer is then seen in the log at once, and the start waits for nobody.
  keys.refresh();
  const audience = settings.OAUTH_AUDIENCE ?? resources.map(({ resource }) => resource);
  const verify = remembering(limitRefused(createVerifier({ issuer, audience, keys: keys.get })));
  const logRefused = limitedRefusalLog(log, 'access token refused');
  const tokens = new WeakMap<FastifyRequest, AccessToken>();
  const unavailable = new WeakMap<FastifyRequest, KeysUnavailable>();
  const challenge = ({ routeOptions }: FastifyRequest, scopes: readonly string[]) => {
    const found = resources.find(({ routes }) => routes.includes(routeOptions.url ?? ''));
    if (found === undefined) throw new Error('This route is missing in oauth/protected-endpoints.ts.');
    return `resource_metadata="${found.url}", scope="${scopes.join(' ')}"`;
  };

  return {
    hosts: [new URL(PUBLIC_URL).hostname],
    identify: async (request) => {
      request.client = stranger(request);
      const bearer = bearerToken(request);
      if (bearer === undefined) return;
      try {
        const token = await verify(bearer, countedAs(request));
        tokens.set(request, token);
        request.client = { id: token.client, authenticated: true };
      } catch (problem) {
        if (problem instanceof KeysUnavailable) unavailable.set(request, problem);
        else if (problem instanceof TokenRefused) logRefused(request, { reason: problem.reason });
        else if (problem instanceof TooManyRefused) throw tooManyRefused();
        else throw problem;
      }
    },
    require: (request, reply) => {
      if (request.client?.authenticated) return undefined;
      const problem = unavailable.get(request);
      if (problem === undefined) return refuse(request, reply, challenge(request, allScopes));
      // Not 401, which would make a client throw away a good token.
      throw new HttpError(503, 'Tokens cannot be checked at the moment. Try again soon.', {
        'retry-after': `${Math.max(1, Math.ceil(problem.retryInMs / 1000))}`,
      });
    },
    authorize: (request, reply) => {
      const granted = tokens.get(request)?.scopes;
      const needed = requiredScopes(request.body);
      if (needed.every((scope) => granted?.has(scope))) return undefined;
      return reply
        .code(403)
        .header('www-authenticate', `Bearer ${challenge(request, needed)}, error="insufficient_scope"`)
        .send({ error: 'Forbidden', scope: needed.join(' ') });
    },
    routes: (app) => metadataRoutes(app, resources),
    close: () => keys.close(),
  };
}

function tooManyRefused(): HttpError {
  const message = 'Too many access tokens of this address were refused. Try again in 1 s.';
  return new HttpError(429, message, { 'retry-after': '1' });
}
