import type { McpEndpoint } from '../../../evidence/wire.ts';
import { isObject } from '../mcp/reply.ts';
import type { Run } from '../run.ts';
import type { Tried } from './access.ts';
import { atPath } from './endpoints.ts';

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
    const exchange = await fetchMetadata(run, new URL(named, url));
    if (exchange !== undefined) return { url: run.masker.url(new URL(named, url)), exchange: exchange.id };
  }
  const wellKnown = '/.well-known/oauth-protected-resource';
  const paths = url.pathname === '/' ? [wellKnown] : [`${wellKnown}${url.pathname}`, wellKnown];
  for (const path of paths) {
    const target = atPath(url, path);
    const exchange = await fetchMetadata(run, target);
    if (exchange?.isMetadata) return { url: run.masker.url(target), exchange: exchange.id };
  }
  return undefined;
}

async function fetchMetadata(run: Run, url: URL): Promise<{ id: string; isMetadata: boolean } | undefined> {
  const seen = await run.prober.probe({
    purpose: 'protected resource metadata (RFC 9728)',
    method: 'GET',
    url,
    credential: 'none',
    headers: { accept: 'application/json' },
    patienceMs: 0,
  });
  if (seen === undefined) return undefined;
  return { id: seen.exchange.id, isMetadata: seen.answer?.status === 200 && isMetadata(seen.answer.text) };
}

function isMetadata(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.resource === 'string';
  } catch {
    return false;
  }
}

function metadataUrl(challenge: string | undefined): string | undefined {
  return /\bresource_metadata\s*=\s*(?:"([^"]{1,2000})"|([^\s,"]{1,2000}))/i
    .exec(challenge ?? '')
    ?.slice(1)
    .find(Boolean);
}
