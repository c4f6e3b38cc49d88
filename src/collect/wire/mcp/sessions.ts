import type { Credential } from '../../../evidence/exchange.ts';
import { type Session, sessionHeaders } from '../../../protocol/messages.ts';
import { legacyRevision } from '../../../protocol/revisions.ts';
import type { Seen } from '../probes/probe.ts';
import type { Run } from '../run.ts';

/** POSTs `initialize`, asking for that revision. */
export async function initialize(
  run: Run,
  url: URL,
  credential: Credential,
  note = '',
  revision = legacyRevision,
): Promise<Seen | undefined> {
  const message = run.messages.initialize({ protocolVersion: revision });
  const purpose = `initialize ${withCredential(run, credential)}${note}`;
  return run.prober.probe({ purpose, method: 'POST', url, credential, ...message });
}

/**
 * Follows a successful `initialize` up with the notification that completes it; some servers answer nothing before.
 *
 * @returns the session, or undefined when `initialize` had no result
 */
export async function beginSession(
  run: Run,
  url: URL,
  credential: Credential,
  seen: Seen | undefined,
): Promise<Session | undefined> {
  const session = sessionOf(seen);
  if (session === undefined) return undefined;
  await run.prober.probe({
    purpose: `notifications/initialized ${withCredential(run, credential)}`,
    method: 'POST',
    url,
    credential,
    ...run.messages.initialized(session),
  });
  return session;
}

/** Ends a session on the server, when it has one (2025-11-25, "Session Management"). What comes of it is not asked. */
export async function endSession(
  run: Run,
  url: URL,
  credential: Credential,
  session: Session | undefined,
): Promise<void> {
  if (session?.id === undefined || run.gate.stopped() !== undefined) return;
  await run.prober.probe({
    purpose: `end of the session opened ${withCredential(run, credential)}`,
    method: 'DELETE',
    url,
    credential,
    headers: sessionHeaders(session),
  });
}

export function sessionOf(seen: Seen | undefined): Session | undefined {
  if (seen?.reply.kind !== 'result') return undefined;
  const revision = seen.result?.protocolVersion;
  return {
    id: seen.answer?.headers['mcp-session-id'],
    revision: typeof revision === 'string' && /^[\w.-]{1,40}$/.test(revision) ? revision : legacyRevision,
  };
}

const carriedText: Record<Credential, string> = {
  none: 'without credentials',
  wrong: 'with a wrong credential',
  given: 'with the given credential',
  other: 'with the credential of another client',
};

/** For the purpose of an exchange. */
export function withCredential(run: Run, asked: Credential): string {
  return carriedText[run.identity.carried(asked)];
}
