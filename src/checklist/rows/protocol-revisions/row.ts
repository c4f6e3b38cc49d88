import type { Exchange } from '../../../evidence/exchange.ts';
import type { ClientAttempt, Era, WireEvidence } from '../../../evidence/wire.ts';
import { overStdio, provenBy } from '../../reading/lab/proven-by.ts';
import { exchangeOf, isNotNow, unsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { remedies } from './remedies.ts';
import { judgeRevisions } from './revisions.ts';

export const protocolRevisions: Row = {
  id: 'protocol-revisions',
  title: 'Serves current clients and older ones',
  category: 'Reliability',
  level: 'recommended',
  why: 'Hosts update on their own schedule: a server of one revision turns away half of them from one day to the next.',
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
  const told = telling(wire, attempts);
  if (!told || told.outcome.connected) return inconclusive(unsent(wire, 'No such client was tried.'));
  const { reason, message, status } = told.outcome;
  const finding = `${clientText(told)} did not connect to ${new URL(told.url).pathname}: ${message}`;
  // A refusal counts only from a server that serves somebody, and only when it did answer.
  if (isNotNow(status)) return inconclusive(finding);
  return served && ['http', 'not-mcp', 'mcp-error'].includes(reason)
    ? fail(finding, ...exchangesOf(wire, told))
    : inconclusive(finding);
}

/**
 * The attempt that says most: at a Streamable HTTP endpoint where one was found, for what is said to such a client at
 * another URL is no answer to it.
 */
function telling(wire: WireEvidence, attempts: ClientAttempt[]): ClientAttempt | undefined {
  const speaks = ({ url, transport }: ClientAttempt) =>
    wire.endpoints.some((endpoint) => endpoint.url === url && endpoint.transport === transport);
  return attempts.find(speaks) ?? attempts[0];
}

const exchangesOf = (wire: WireEvidence, { exchanges }: ClientAttempt): Exchange[] =>
  exchanges.map((id) => exchangeOf(wire, id));

const clientText = ({ client, transport }: ClientAttempt): string =>
  `The official client (SDK ${client === 'sdk-v1' ? 'v1' : 'v2'}, ${transport === 'sse' ? 'HTTP+SSE' : 'Streamable HTTP'})`;
