import type { FastifyInstance } from 'fastify';
import { about } from '../../about.ts';
import { wellKnownUrl } from './urls.ts';

export interface ResourceMetadata {
  /** Where clients find it, for challenges. */
  url: string;
  document: Record<string, unknown>;
}

const suffix = 'oauth-protected-resource';

/** What clients need to know to get a token for `resource` (RFC 9728). None of it comes from a request. */
export function resourceMetadata(
  resource: string,
  issuer: string,
  scopes: readonly string[],
): ResourceMetadata {
  return {
    url: wellKnownUrl(resource, suffix),
    document: {
      resource,
      resource_name: about.name,
      authorization_servers: [issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
    },
  };
}

/** Serves the metadata to everyone, web pages included, at the root, below it for `/mcp`, and where the challenge says. */
export function metadataRoutes(app: FastifyInstance, { url, document }: ResourceMetadata): void {
  const root = `/.well-known/${suffix}`;
  for (const path of new Set([root, `${root}/mcp`, new URL(url).pathname])) {
    app.get(path, (_request, reply) => reply.header('access-control-allow-origin', '*').send(document));
    app.options(path, (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-origin', '*')
        .header('access-control-allow-methods', 'GET')
        .header('access-control-allow-headers', '*')
        .send(),
    );
  }
}
