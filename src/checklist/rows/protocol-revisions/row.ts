import type { Exchange } from '../../../evidence/exchange.ts';
import type { ClientAttempt, Era, WireEvidence } from '../../../evidence/wire.ts';
import { overStdio, provenBy } from '../../reading/lab/proven-by.ts';
import { exchangeOf, isUnavailable, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { remedies } from './remedies.ts';
import { judgeRevisions } from './revisions.ts';

export const protocolRevisions: Row = {
  id: 'protocol-revisions',
  title: 'Serves current clients and older ones',
  category: 'Reliability',
  level: 'recommended',
  why: 'Hosts update at different times. A server with one protocol revision refuses every host that does not speak it.',
  fix: 'Serve 2026-07-28 and the 2025 revisions from one endpoint, as the current SDKs do by default.',
  basis: [
    'MCP 2026-07-28, versioning and backward compatibility: https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning',
  ],
  remedies,
  headline: 'current-clients',
  criteria: [
    {
      id: 'older-clients',
      kind: 'core',
      title: 'A client of the 2025 revisions connects',
      observed: (wire) => judgeEra(wire, 'legacy'),
      proven: overStdio(provenBy('revisions', judgeRevisions('legacy'))),
    },
    {
      id: 'current-clients',
      kind: 'core',
      title: 'A client of 2026-07-28 connects',
      observed: (wire) => judgeEra(wire, 'modern'),
      proven: overStdio(provenBy('revisions', judgeRevisions('modern'))),
    },
  ],
};

function judgeEra(wire: WireEvidence, era: Era): Judgement {
  const attempts = wire.clients.filter((attempt) => attempt.era === era);
  for (const attempt of attempts) {
    if (attempt.outcome.connected) {
      return pass(
        `${clientText(attempt)} connected with ${attempt.outcome.revision}.`,
        ...exchangesOf(wire, attempt),
      );
    }
  }
  const served = wire.clients.some(({ outcome }) => outcome.connected);
  const attempt = attempts.find((candidate) => isAtEndpoint(wire, candidate)) ?? attempts[0];
  if (!attempt || attempt.outcome.connected) {
    return inconclusive(whyUnsent(wire, 'The audit tried no client of these revisions.'));
  }
  const { reason, message, status } = attempt.outcome;
  const finding = `${clientText(attempt)} did not connect to ${new URL(attempt.url).pathname}: ${message}`;
  // A refusal counts only as a response of a server that serves another client.
  if (isUnavailable(status)) return inconclusive(finding);
  return served && ['http', 'not-mcp', 'mcp-error'].includes(reason)
    ? fail(finding, ...exchangesOf(wire, attempt))
    : inconclusive(finding);
}

/** Whether the client tried an endpoint of its own transport: refusals at other URLs say little. */
const isAtEndpoint = (wire: WireEvidence, { url, transport }: ClientAttempt): boolean =>
  wire.endpoints.some((endpoint) => endpoint.url === url && endpoint.transport === transport);

const exchangesOf = (wire: WireEvidence, { exchanges }: ClientAttempt): Exchange[] =>
  exchanges.map((id) => exchangeOf(wire, id));

const clientText = ({ client, transport }: ClientAttempt): string =>
  `The official client (SDK ${client === 'sdk-v1' ? 'v1' : 'v2'}, ${transport === 'sse' ? 'HTTP+SSE' : 'Streamable HTTP'})`;
