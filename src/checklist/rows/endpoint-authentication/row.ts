import type { Credential, Exchange } from '../../../evidence/exchange.ts';
import type { AccessProbe, McpEndpoint, WireEvidence } from '../../../evidence/wire.ts';
import { count } from '../../../text/counts.ts';
import { capitalised } from '../../../text/printable.ts';
import { accessOf, answerOf, exchangeOf, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, type Row } from '../../row.ts';
import { judgeDerived } from './derived-tokens.ts';
import { judgeAuthorizationServers, judgeResourceMetadata } from './oauth-metadata.ts';
import { remedies } from './remedies.ts';

export const endpointAuthentication: Row = {
  id: 'endpoint-authentication',
  title: 'Authentication on MCP endpoints (Streamable HTTP and SSE)',
  category: 'Security',
  level: 'recommended',
  why: 'An open MCP endpoint lets anyone who finds it call every tool and spend your API quota.',
  fix: 'Check a bearer token before every MCP route and method. Answer 401 with a WWW-Authenticate challenge. Leave only health routes open.',
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
      title: 'Every MCP endpoint refuses requests without credentials',
      observed: (wire) => judgeRefusal(wire, 'none', 'without credentials'),
    },
    {
      id: 'wrong-credential-refused',
      kind: 'core',
      title: 'Every MCP endpoint refuses requests with a wrong credential',
      observed: (wire) => judgeDerived(wire, judgeRefusal(wire, 'wrong', 'with a wrong credential')),
      fix: 'Compare the whole token: equal lengths and equal characters, for example by their digests. Never accept a token because it starts with the right one.',
    },
    {
      id: 'right-credential-accepted',
      kind: 'core',
      title: 'The server accepts the right credential',
      supporting: true,
      observed: (wire) => {
        if (!wire.credentialGiven) return inconclusive('The audit sent no credential. Add --token.');
        const probes = probesWith(wire, 'given');
        const granted = probes.find((probe) => accessOf(wire, probe) === 'granted');
        if (granted) {
          return pass(`With the given credential: ${line(wire, granted)}.`, read(wire, granted));
        }
        if (probes.length === 0)
          return inconclusive(whyUnsent(wire, 'The audit did not try the given credential.'));
        return inconclusive(
          'Whether the server accepts the right credential is unknown. The given one opened no endpoint. Check --token.',
        );
      },
    },
    {
      id: 'challenge',
      kind: 'extra',
      title: 'Every refusal is a 401 with a WWW-Authenticate challenge',
      fix: 'Answer missing and wrong credentials with 401 and "WWW-Authenticate: Bearer". Clients then know what to send.',
      observed: (wire) => {
        const refusals = [...probesWith(wire, 'none'), ...probesWith(wire, 'wrong')].filter(
          (probe) => accessOf(wire, probe) === 'refused',
        );
        if (refusals.length === 0) return notApplicable('The server refused no request.');
        const bare = refusals.find((probe) => !isChallenge(wire, probe));
        return bare
          ? fail(
              `${line(wire, bare)}. ${answerOf(wire, bare.exchange)?.status === 401 ? 'The response has no WWW-Authenticate header' : 'Expected: 401 with a WWW-Authenticate header'}.`,
              read(wire, bare),
            )
          : pass(
              `The server refused ${count(refusals.length, 'request')} with 401 and WWW-Authenticate.`,
              ...refusals.map((probe) => read(wire, probe)),
            );
      },
    },
    {
      id: 'resource-metadata',
      kind: 'extra',
      title: 'The server serves the OAuth metadata that its challenge names',
      fix: 'Serve the RFC 9728 document at the URL in the challenge, with "resource" and "authorization_servers".',
      observed: judgeResourceMetadata,
    },
    {
      id: 'authorization-server-metadata',
      kind: 'extra',
      title: 'Every authorization server in the metadata publishes its own metadata',
      fix: 'In "authorization_servers", name issuers that serve RFC 8414 (or OpenID) metadata over https with exactly that "issuer".',
      observed: judgeAuthorizationServers,
    },
  ],
};

function probesWith(wire: WireEvidence, credential: Credential): AccessProbe[] {
  return wire.endpoints.flatMap(({ access }) =>
    access.filter((probe) => probe.credential === credential && probe.derived === undefined),
  );
}

/**
 * One granted operation fails. To pass, the server must refuse each operation that the right credential opens: a server
 * that refuses every client shows no authentication.
 */
function judgeRefusal(wire: WireEvidence, credential: 'none' | 'wrong', how: string): Judgement {
  const probes = probesWith(wire, credential);
  const granted = probes.find((probe) => accessOf(wire, probe) === 'granted');
  if (granted) {
    return fail(
      `The server served ${operationText[granted.operation]} ${how}: ${line(wire, granted)}.`,
      read(wire, granted),
    );
  }
  if (wire.endpoints.length === 0) return inconclusive(whyUnsent(wire, 'The audit found no MCP endpoint.'));
  if (probes.length === 0) return inconclusive(whyUnsent(wire, `No request was sent ${how}.`));
  const unopened = wire.endpoints.find((endpoint) => opened(wire, endpoint).length === 0);
  if (unopened) {
    return inconclusive(
      `Whether ${new URL(unopened.url).pathname} checks credentials is unknown: no credential opened it. ${wire.credentialGiven ? 'Check --token.' : 'Add --token.'}`,
    );
  }
  const refused: AccessProbe[] = [];
  for (const endpoint of wire.endpoints) {
    for (const right of opened(wire, endpoint)) {
      const probe = endpoint.access.find(
        (candidate) =>
          candidate.credential === credential &&
          candidate.derived === undefined &&
          candidate.operation === right.operation &&
          candidate.era === right.era,
      );
      if (!probe) {
        return inconclusive(`The audit did not try ${operationText[right.operation]} ${how}.`);
      }
      if (accessOf(wire, probe) !== 'refused') {
        const { reply } = probe;
        const error = reply.kind === 'error' ? ` with JSON-RPC error ${reply.code} (${reply.message})` : '';
        return inconclusive(
          `${capitalised(how)}: ${line(wire, probe)}${error}. The server neither served the request nor refused it with 401 or 403.`,
        );
      }
      refused.push(probe);
    }
  }
  return pass(
    `The server refused every operation that the right credential opens (${refused.length}). ${capitalised(how)}: ${refused[0] ? line(wire, refused[0]) : ''}.`,
    ...refused.map((probe) => read(wire, probe)),
  );
}

/** The operations that the right credential opened on an endpoint. */
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
  'open-stream': 'the event stream',
  'post-message': 'a message',
};
const read = (wire: WireEvidence, probe: AccessProbe): Exchange => exchangeOf(wire, probe.exchange);
const line = (wire: WireEvidence, probe: AccessProbe): string => summary(read(wire, probe));
