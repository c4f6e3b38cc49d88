import type { AuthorizationServer, McpEndpoint } from '../../../evidence/wire.ts';
import { parseBounded } from '../../../protocol/bounded-json.ts';
import { parseObject } from '../../../text/json.ts';
import { type Run, together } from '../run.ts';

const maxIssuers = 2;
/** Milliseconds for each document. */
const documentMs = 3_000;

/**
 * Asks for the metadata of the authorization servers that the endpoints' resource metadata names, as a client does that
 * has to log in. Nothing that the user gave goes with it.
 */
export function findAuthorizationServers(run: Run, endpoints: McpEndpoint[]): Promise<AuthorizationServer[]> {
  const issuers = endpoints.flatMap(({ resourceMetadata }) => resourceMetadata?.authorizationServers ?? []);
  return together([...new Set(issuers)].slice(0, maxIssuers).map((issuer) => find(run, issuer)));
}

async function find(run: Run, issuer: string): Promise<AuthorizationServer> {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { issuer, exchange: null, reason: 'It is no https URL.' };
  }
  let last: AuthorizationServer = { issuer, exchange: null, reason: 'Nothing was sent.' };
  for (const location of locations(url)) {
    const purpose = 'authorization server metadata (RFC 8414)';
    const seen = await run.prober.get(purpose, location, 'application/json', {
      publicDocument: true,
      timeoutMs: Math.min(documentMs, run.options.timeoutMs),
    });
    if (seen === undefined) return last;
    const { id, outcome } = seen.exchange;
    if (outcome.kind === 'failure') {
      return outcome.reason === 'blocked'
        ? { issuer, exchange: null, reason: outcome.message }
        : { issuer, exchange: id };
    }
    last = { issuer, exchange: id };
    const document = outcome.status === 200 ? parseObject(seen.answer?.text ?? '', parseBounded) : undefined;
    if (typeof document?.issuer === 'string') break;
  }
  return last;
}

/**
 * Where the document may stand, in the order in which clients look (MCP 2026-07-28, authorization server discovery;
 * RFC 8414 section 3.1, OpenID Connect Discovery 1.0 section 4).
 */
function locations({ origin, pathname }: URL): URL[] {
  const path = pathname.replace(/\/$/, '');
  const oauth = `/.well-known/oauth-authorization-server${path}`;
  const openid = '/.well-known/openid-configuration';
  const paths = path === '' ? [oauth, openid] : [oauth, `${openid}${path}`, `${path}${openid}`];
  return paths.map((location) => new URL(origin + location));
}
