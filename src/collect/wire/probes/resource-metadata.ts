import type { McpEndpoint } from '../../../evidence/wire.ts';
import { parseBounded } from '../../../protocol/bounded-json.ts';
import { parseObject } from '../../../text/json.ts';
import type { Run } from '../run.ts';
import type { Tried } from './access.ts';
import { atPath } from './endpoints.ts';

const keptIssuers = 5;

/**
 * Requests the OAuth protected resource metadata of an endpoint that refuses: at the URL in its challenge (RFC 9728
 * section 5.1), else at the well-known paths with and without the endpoint's own path (section 3.1).
 *
 * @returns the URL of a challenge with any response; a well-known URL only when it has metadata
 */
export async function findResourceMetadata(
  run: Run,
  url: URL,
  tried: Tried[],
): Promise<McpEndpoint['resourceMetadata']> {
  const refusals = tried.filter(({ result }) => result.answer?.status === 401);
  if (refusals.length === 0) return undefined;
  for (const { result } of refusals) {
    const named = metadataUrl(result.answer?.headers['www-authenticate']);
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

interface MetadataResponse {
  url: URL;
  exchange: string;
  /** Undefined when the response is no metadata. */
  metadata: Record<string, unknown> | undefined;
}

async function fetchMetadata(run: Run, url: URL): Promise<MetadataResponse | undefined> {
  const purpose = 'protected resource metadata (RFC 9728)';
  const response = await run.prober.get(purpose, url, 'application/json', { publicDocument: true });
  if (response === undefined) return undefined;
  const body = response.answer?.status === 200 ? parseObject(response.answer.text, parseBounded) : undefined;
  return {
    url,
    exchange: response.exchange.id,
    metadata: typeof body?.resource === 'string' ? body : undefined,
  };
}

function evidenceOf(
  run: Run,
  { url, exchange, metadata }: MetadataResponse,
): McpEndpoint['resourceMetadata'] {
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
