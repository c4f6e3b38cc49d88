import { type Session, sessionHeaders } from '../../../protocol/messages.ts';
import { legacyRevision } from '../../../protocol/revisions.ts';
import type { SentCredential } from '../http/identity.ts';
import type { ProbeResult } from '../probes/probe.ts';
import type { Run } from '../run.ts';
import { post, purposeOf } from './requests.ts';

/** POSTs `initialize` and requests that revision. */
export function initialize(
  run: Run,
  url: URL,
  credential: SentCredential,
  note = '',
  revision = legacyRevision,
): Promise<ProbeResult | undefined> {
  const message = run.messages.initialize({ protocolVersion: revision });
  return post(run, 'initialize', url, credential, message, note);
}

/**
 * Completes a successful `initialize` with its notification. Some servers answer nothing before.
 *
 * @returns the session, or undefined when `initialize` had no result
 */
export async function beginSession(
  run: Run,
  url: URL,
  credential: SentCredential,
  initialized: ProbeResult | undefined,
): Promise<Session | undefined> {
  const session = sessionOf(initialized);
  if (session === undefined) return undefined;
  await post(run, 'notifications/initialized', url, credential, run.messages.initialized(session));
  return session;
}

/** Ends a session on the server, when it has one (2025-11-25, "Session Management"). The response does not matter. */
export async function endSession(
  run: Run,
  url: URL,
  credential: SentCredential,
  session: Session | undefined,
): Promise<void> {
  if (session?.id === undefined || run.gate.stopped() !== undefined) return;
  const purpose = purposeOf(run, 'end of the session opened', credential);
  const headers = sessionHeaders(session);
  await run.prober.probe({ purpose, method: 'DELETE', url, credential, headers });
}

/** The session that an `initialize` opened. Undefined when it had no result. */
export function sessionOf(initialized: ProbeResult | undefined): Session | undefined {
  if (initialized?.reply.kind !== 'result') return undefined;
  const revision = initialized.result?.protocolVersion;
  return {
    id: initialized.answer?.headers['mcp-session-id'],
    revision: typeof revision === 'string' && /^[\w.-]{1,40}$/.test(revision) ? revision : legacyRevision,
  };
}
