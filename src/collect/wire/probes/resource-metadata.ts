import type { McpEndpoint } from '../../../evidence/wire.ts';
import { parseBounded } from '../../../protocol/bounded-json.ts';
import { parseObject } from '../../../text/json.ts';
import type { Run } from '../run.ts';
import type { Tried } from './access.ts';
import { atPath } from './endpoints.ts';

const keptIssuers = 5;

/**
 * Asks for the OAuth protected resource metadata of an endpoint that refuses: at the URL that its challenge names
 * (RFC 9728 section 5.1), else at the well-known paths with and without the endpoint's own path (section 3.1).
 *
 * @returns what a challenge names, whatever came of it; a well-known URL only when it answers with metadata
 */
export async function findResourceMetadata(
  run: Run,
  url: URL,
  tried: Tried[],
): Promise<McpEndpoint['resourceMetadata']> {
  const refusals = tried.filter(({ seen }) => seen.answer?.status === 401);
  if (refusals.length === 0) return undefined;
  for (const { seen } of refusals) {
    const named = metadataUrl(seen.answer?.headers['www-authenticate']);
    if (named === undefined || !URL.canParse(named, url.href)) continue;
    const document = await fetchMetadata(run, new URL(named, url));
    if (document !== undefined) return evidenceOf(run, document);
  }
  const wellKnown = '/.well-known/oauth-protected-resource';
  const paths = url.pathname === '/' ? [wellKnown] : [`${wellKnown}${url.pathname}`, wellKnown];
  for (const path of paths) {
    const document = await fetchMetadata(run, atPath(url, path));
    if (document?.metadata !== undefined) return evidenceOf(run, document);
  }
  return undefined;
}

interface Document {
  url: URL;
  exchange: string;
  /** The document, when it is one. */
  metadata: Record<string, unknown> | undefined;
}

async function fetchMetadata(run: Run, url: URL): Promise<Document | undefined> {
  const purpose = 'protected resource metadata (RFC 9728)';
  const seen = await run.prober.get(purpose, url, 'application/json', { publicDocument: true });
  if (seen === undefined) return undefined;
  const body = seen.answer?.status === 200 ? parseObject(seen.answer.text, parseBounded) : undefined;
  return {
    url,
    exchange: seen.exchange.id,
    metadata: typeof body?.resource === 'string' ? body : undefined,
  };
}

function evidenceOf(run: Run, { url, exchange, metadata }: Document): McpEndpoint['resourceMetadata'] {
  const issuers: unknown = metadata?.authorization_servers;
  return {
    url: run.masker.url(url),
    exchange,
    authorizationServers: (Array.isArray(issuers) ? issuers : [])
      .filter((issuer) => typeof issuer === 'string')
      .slice(0, keptIssuers)
      .map((issuer) => run.masker.line(issuer)),
  };
}

function metadataUrl(challenge: string | undefined): string | undefined {
  return /\bresource_metadata\s*=\s*(?:"([^"]{1,2000})"|([^\s,"]{1,2000}))/i
    .exec(challenge ?? '')
    ?.slice(1)
    .find(Boolean);
}
