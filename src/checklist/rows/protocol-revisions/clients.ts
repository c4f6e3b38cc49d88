import type { Exchange } from '../../../evidence/exchange.ts';
import type { ClientAttempt, WireEvidence } from '../../../evidence/wire.ts';
import { exchangeOf, isUnavailable, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Judges whether a client connects that speaks the 2025 revisions, also the current one after its fallback. */
export function judgeOlderClients(wire: WireEvidence): Judgement {
  const connected = wire.clients.find(({ era, outcome }) => era === 'legacy' && outcome.connected);
  return connected
    ? judgeAttempts(wire, [connected])
    : judgeAttempts(
        wire,
        wire.clients.filter(({ era, negotiates }) => era === 'legacy' && !negotiates),
      );
}

/** Judges whether the current client connects as a host runs it. */
export function judgeCurrentClients(wire: WireEvidence): Judgement {
  const negotiating = wire.clients.filter(({ negotiates }) => negotiates);
  if (negotiating.length > 0) return judgeAttempts(wire, negotiating);
  // Older evidence: to a server of 2026-07-28, the client that negotiates sends the same requests.
  const pinned = wire.clients.filter(({ era, outcome }) => era === 'modern' && outcome.connected);
  return pinned.length > 0
    ? judgeAttempts(wire, pinned)
    : inconclusive(whyUnsent(wire, 'The audit tried no current client that negotiates. Audit again.'));
}

/** Judges whether the server serves 2026-07-28, without the client's fallback. */
export function judgeCurrentRevision(wire: WireEvidence): Judgement {
  const modern = wire.clients.filter(({ era }) => era === 'modern');
  const connected = modern.find(({ outcome }) => outcome.connected);
  const fallback = wire.clients.find(({ negotiates, outcome }) => negotiates && outcome.connected);
  if (connected || !fallback?.outcome.connected) return judgeAttempts(wire, connected ? [connected] : modern);
  return fail(
    `${clientText(fallback)} offered 2026-07-28 and fell back to ${fallback.outcome.revision}.`,
    ...exchangesOf(wire, fallback),
  );
}

/** The first attempt that connected decides, or else the one at an endpoint of its own transport. */
function judgeAttempts(wire: WireEvidence, attempts: ClientAttempt[]): Judgement {
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
  if (!served || isUnavailable(status)) return inconclusive(finding);
  if (['http', 'not-mcp', 'mcp-error'].includes(reason)) return fail(finding, ...exchangesOf(wire, attempt));
  // One missing response may be a slow start.
  const unanswered = attempts.filter(
    ({ url, outcome }) => url === attempt.url && !outcome.connected && outcome.reason === reason,
  );
  return unanswered.length > 1 && ['timeout', 'reset', 'protocol'].includes(reason)
    ? fail(
        `${finding} It tried ${unanswered.length} times. Meanwhile the server served an older client.`,
        ...unanswered.flatMap((one) => exchangesOf(wire, one)),
      )
    : inconclusive(finding);
}

/** Whether the client tried an endpoint of its own transport: refusals at other URLs say little. */
const isAtEndpoint = (wire: WireEvidence, { url, transport }: ClientAttempt): boolean =>
  wire.endpoints.some((endpoint) => endpoint.url === url && endpoint.transport === transport);

const exchangesOf = (wire: WireEvidence, { exchanges }: ClientAttempt): Exchange[] =>
  exchanges.map((id) => exchangeOf(wire, id));

const clientText = ({ client, transport }: ClientAttempt): string =>
  `The official client (SDK ${client === 'sdk-v1' ? 'v1' : 'v2'}, ${transport === 'sse' ? 'HTTP+SSE' : 'Streamable HTTP'})`;
