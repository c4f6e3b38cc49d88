import type { FastifyInstance } from 'fastify';
import { about } from '../../about.ts';
import { wellKnownUrl } from './urls.ts';

export interface ResourceMetadata {
  resource: string;
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
    resource,
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

/**
 * Serves the metadata to everyone, web pages included: where the challenge says, there without the path that a proxy may have
 * taken away, and of the first resource at the root.
 */
export function metadataRoutes(app: FastifyInstance, resources: readonly ResourceMetadata[]): void {
  const root = `/.well-known/${suffix}`;
  const documents = new Map<string, unknown>();
  for (const { resource, url, document } of resources.toReversed()) {
    const endpoint = resource.slice(resource.lastIndexOf('/'));
    for (const path of [root, `${root}${endpoint}`, new URL(url).pathname]) documents.set(path, document);
  }
  for (const [path, document] of documents) {
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
