import type { Credential, Exchange } from '../../../evidence/exchange.ts';
import type { AccessProbe, McpEndpoint, WireEvidence } from '../../../evidence/wire.ts';
import { accessOf, answerOf, exchangeOf, summary, unsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row } from '../../row.ts';
import { judgeAuthorizationServers, judgeResourceMetadata } from './oauth-metadata.ts';
import { remedies } from './remedies.ts';

export const endpointAuthentication: Row = {
  id: 'endpoint-authentication',
  title: 'Authentication on MCP endpoints (Streamable HTTP and SSE)',
  category: 'Security',
  level: 'recommended',
  why: 'An open MCP endpoint lets anybody who finds it spend your API quota and call every tool in your name.',
  fix: 'Check a bearer token in front of every MCP route and method, and answer 401 with a WWW-Authenticate challenge. Leave only health paths open.',
  basis: [
    'Production checklist: Security, "Authentication on SSE endpoints" (Recommended)',
    'MCP 2026-07-28, Streamable HTTP, Security & Endpoint: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http',
    'RFC 9110 section 15.5.2 (401) and 11.6.1 (WWW-Authenticate)',
    'RFC 6750 (bearer tokens), RFC 9728 (protected resource metadata), RFC 8414 (authorization server metadata)',
  ],
  remedies,
  only: { transport: 'http', because: 'only the program that starts it can call it' },
  headline: 'anonymous-refused',
  criteria: [
    {
      id: 'anonymous-refused',
      kind: 'core',
      title: 'Requests without credentials are refused on every MCP endpoint',
      observed: (wire) => judgeRefusal(wire, 'none', 'without credentials'),
    },
    {
      id: 'wrong-credential-refused',
      kind: 'core',
      title: 'Requests with a wrong credential are refused on every MCP endpoint',
      observed: (wire) => judgeRefusal(wire, 'wrong', 'with a wrong credential'),
    },
    {
      id: 'right-credential-accepted',
      kind: 'core',
      title: 'The right credential is accepted',
      supporting: true,
      observed: (wire) => {
        if (!wire.credentialGiven) return inconclusive('No credential was sent. Give one with --token.');
        const probes = probesWith(wire, 'given');
        const granted = probes.find(({ probe }) => accessOf(wire, probe) === 'granted');
        if (granted) {
          return pass(`${line(wire, granted.probe)} with the given credential.`, read(wire, granted.probe));
        }
        if (probes.length === 0) return inconclusive(unsent(wire, 'The given credential was tried nowhere.'));
        return inconclusive(
          'The given credential opened no endpoint, so what stands behind the refusal was not seen. Check --token.',
        );
      },
    },
    {
      id: 'challenge',
      kind: 'extra',
      title: 'A refusal is a 401 with a WWW-Authenticate challenge',
      fix: 'Answer missing and wrong credentials with 401 and "WWW-Authenticate: Bearer", so that clients know what to send.',
      observed: (wire) => {
        const refusals = [...probesWith(wire, 'none'), ...probesWith(wire, 'wrong')].filter(
          ({ probe }) => accessOf(wire, probe) === 'refused',
        );
        if (refusals.length === 0) return notApplicable('Nothing was refused.');
        const bare = refusals.find(({ probe }) => !isChallenge(wire, probe));
        return bare
          ? fail(
              `${line(wire, bare.probe)}, ${answerOf(wire, bare.probe.exchange)?.status === 401 ? 'without WWW-Authenticate' : 'where a 401 with WWW-Authenticate tells a client to authenticate'}.`,
              read(wire, bare.probe),
            )
          : pass(
              `All ${refusals.length} refusals are 401 with WWW-Authenticate.`,
              ...refusals.map(({ probe }) => read(wire, probe)),
            );
      },
    },
    {
      id: 'resource-metadata',
      kind: 'extra',
      title: 'Where a challenge names OAuth metadata, the document is served',
      fix: 'Serve the RFC 9728 document at the URL in the challenge, with "resource" and "authorization_servers".',
      observed: judgeResourceMetadata,
    },
    {
      id: 'authorization-server-metadata',
      kind: 'extra',
      title: 'The authorization servers that the metadata names tell clients how to log in',
      fix: 'Name issuers in "authorization_servers" that serve RFC 8414 (or OpenID) metadata over https with the very same "issuer".',
      observed: judgeAuthorizationServers,
    },
  ],
};

interface EndpointProbe {
  endpoint: McpEndpoint;
  probe: AccessProbe;
}

function probesWith(wire: WireEvidence, credential: Credential): EndpointProbe[] {
  return wire.endpoints.flatMap((endpoint) =>
    endpoint.access.filter((probe) => probe.credential === credential).map((probe) => ({ endpoint, probe })),
  );
}

/**
 * One granted operation on one endpoint is enough to fail. To pass, every endpoint has to refuse, and the right
 * credential has to open it: a server that turns everybody away shows no authentication.
 */
function judgeRefusal(wire: WireEvidence, credential: 'none' | 'wrong', how: string): Judgement {
  const probes = probesWith(wire, credential);
  const granted = probes.find(({ probe }) => accessOf(wire, probe) === 'granted');
  if (granted)
    return fail(
      `${operation(granted.probe)} ${how}: ${line(wire, granted.probe)}, and it was served.`,
      read(wire, granted.probe),
    );
  if (wire.endpoints.length === 0) return inconclusive(unsent(wire, 'No MCP endpoint was found.'));
  if (probes.length === 0) return inconclusive(unsent(wire, `Nothing was sent ${how}.`));
  const unopened = wire.endpoints.find((endpoint) => opened(wire, endpoint).length === 0);
  if (unopened) {
    return inconclusive(
      `${new URL(unopened.url).pathname} was not opened with a right credential, so a refusal there proves no authentication. ${wire.credentialGiven ? 'Check --token.' : 'Give one with --token.'}`,
    );
  }
  const counterparts = wire.endpoints.flatMap((endpoint) =>
    opened(wire, endpoint).map((right) => ({
      right,
      probe: endpoint.access.find(
        (probe) =>
          probe.credential === credential && probe.operation === right.operation && probe.era === right.era,
      ),
    })),
  );
  for (const { right, probe } of counterparts) {
    if (!probe) return inconclusive(`${operation(right)} was not tried ${how}.`);
    if (accessOf(wire, probe) !== 'refused') {
      const said =
        probe.reply.kind === 'error'
          ? ` with JSON-RPC error ${probe.reply.code} (${probe.reply.message})`
          : '';
      return inconclusive(`${line(wire, probe)}${said} ${how}: neither served nor refused with 401 or 403.`);
    }
  }
  const first = counterparts[0]?.probe;
  return pass(
    `${first ? line(wire, first) : ''} ${how}; all ${counterparts.length} operations that the right credential opens are refused.`,
    ...counterparts.flatMap(({ probe }) => (probe ? read(wire, probe) : [])),
  );
}

/** What the right credential opened on an endpoint: only these show what a refusal protects. */
function opened(wire: WireEvidence, endpoint: McpEndpoint): AccessProbe[] {
  return endpoint.access.filter(
    (probe) => probe.credential === 'given' && accessOf(wire, probe) === 'granted',
  );
}

function isChallenge(wire: WireEvidence, probe: AccessProbe): boolean {
  const answer = answerOf(wire, probe.exchange);
  return answer?.status === 401 && Boolean(answer.headers['www-authenticate']?.trim());
}

const operationText: Record<AccessProbe['operation'], string> = {
  initialize: 'initialize',
  discover: 'server/discover',
  'list-tools': 'tools/list',
  'open-stream': 'Opening the event stream',
  'post-message': 'A message',
};
const operation = (probe: AccessProbe): string => operationText[probe.operation];
const read = (wire: WireEvidence, probe: AccessProbe): Exchange => exchangeOf(wire, probe.exchange);
const line = (wire: WireEvidence, probe: AccessProbe): string => summary(read(wire, probe));
