import type { RevisionAttempt, RevisionsHistory } from '../../../evidence/lab/revisions.ts';
import { howItEnded, servedAfter } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('revisions');

const clients: Record<RevisionAttempt['era'], string> = {
  legacy: 'The official client (SDK v2, stdio, 2025 revisions only)',
  modern: 'The official client (SDK v2, stdio, 2026-07-28 only)',
};

/** Judges whether a stdio client connects that speaks only the revisions of this era. */
export const judgeRevisions =
  (era: RevisionAttempt['era']) =>
  ({ attempts }: RevisionsHistory): Judgement => {
    const attempt = attempts.find((one) => one.era === era);
    if (attempt === undefined) return inconclusive('The lab tried no client of these revisions.');
    const { launch, connection, refusal } = attempt;
    const servedMs = servedAfter(launch);
    if (connection !== null && servedMs !== null) {
      return pass(
        `${clients[era]} connected with ${connection.revision}.`,
        moment(servedMs, `the server served a client with ${connection.revision}`),
      );
    }
    const other = attempts.map((one) => servedAfter(one.launch)).find((afterMs) => afterMs !== null);
    const finding = `${clients[era]} did not connect: ${failureText(attempt)}.`;
    // A refusal counts only from a server that serves another client.
    if (other === undefined || other === null) return inconclusive(finding);
    const { outcome, exit, messages = 0 } = launch;
    if (exit !== null) return fail(finding, moment(exit.atMs, `the server ended ${howItEnded(exit)}`));
    const waitedMs = outcome.kind === 'silent' ? outcome.afterMs : 0;
    // Silence may be a slow start.
    return messages > 0 || other < waitedMs / 3
      ? fail(finding, moment(waitedMs, refusal ?? 'no connection'))
      : inconclusive(finding);
  };

/**
 * Judges whether a current client connects as a host runs it: it offers 2026-07-28 to a process of its own. Unless that is
 * served, also where it ends or stays silent, it starts the server again and speaks the 2025 revisions.
 */
export function judgeNegotiation(history: RevisionsHistory): Judgement {
  const modern = judgeRevisions('modern')(history);
  if (modern.verdict === 'pass') return modern;
  const legacy = judgeRevisions('legacy')(history);
  return legacy.verdict === 'pass'
    ? {
        ...legacy,
        finding: `No client of 2026-07-28 connected, so a current client falls back. ${legacy.finding}`,
      }
    : inconclusive('No client connected over stdio. Whether a current one would is unknown.');
}

function failureText({ launch: { exit, outcome, messages = 0 }, refusal }: RevisionAttempt): string {
  if (exit !== null) return `the server ended ${howItEnded(exit)}`;
  return messages === 0 && outcome.kind === 'silent'
    ? `the server sent nothing within ${outcome.afterMs} ms`
    : (refusal ?? 'no reason was given');
}
