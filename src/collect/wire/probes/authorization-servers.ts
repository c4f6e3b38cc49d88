import type { AuthorizationServer, McpEndpoint } from '../../../evidence/wire.ts';
import { parseBounded } from '../../../protocol/bounded-json.ts';
import { parseObject } from '../../../text/json.ts';
import { type Run, together } from '../run.ts';

const maxIssuers = 2;
/** Milliseconds for each document. */
const documentMs = 3_000;

/**
 * Requests the metadata of the authorization servers in the endpoints' resource metadata, as a client does before it logs in.
 * The requests carry no credentials and no headers of the user.
 */
export function findAuthorizationServers(run: Run, endpoints: McpEndpoint[]): Promise<AuthorizationServer[]> {
  const issuers = endpoints.flatMap(({ resourceMetadata }) => resourceMetadata?.authorizationServers ?? []);
  return together([...new Set(issuers)].slice(0, maxIssuers).map((issuer) => find(run, issuer)));
}

async function find(run: Run, issuer: string): Promise<AuthorizationServer> {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { issuer, exchange: null, reason: 'The issuer is not an https URL.' };
  }
  let last: AuthorizationServer = { issuer, exchange: null, reason: 'No request was sent.' };
  for (const location of locations(url)) {
    const purpose = 'authorization server metadata (RFC 8414)';
    const response = await run.prober.get(purpose, location, 'application/json', {
      publicDocument: true,
      timeoutMs: Math.min(documentMs, run.options.timeoutMs),
    });
    if (response === undefined) return last;
    const { id, outcome } = response.exchange;
    if (outcome.kind === 'failure') {
      return outcome.reason === 'blocked'
        ? { issuer, exchange: null, reason: outcome.message }
        : { issuer, exchange: id };
    }
    last = { issuer, exchange: id };
    const document =
      outcome.status === 200 ? parseObject(response.answer?.text ?? '', parseBounded) : undefined;
    if (typeof document?.issuer === 'string') break;
  }
  return last;
}

/**
 * The URLs that clients try, in their order (MCP 2026-07-28, authorization server discovery;
 * RFC 8414 section 3.1, OpenID Connect Discovery 1.0 section 4).
 */
function locations({ origin, pathname }: URL): URL[] {
  const path = pathname.replace(/\/$/, '');
  const oauth = `/.well-known/oauth-authorization-server${path}`;
  const openid = '/.well-known/openid-configuration';
  const paths = path === '' ? [oauth, openid] : [oauth, `${openid}${path}`, `${path}${openid}`];
  return paths.map((location) => new URL(origin + location));
}
