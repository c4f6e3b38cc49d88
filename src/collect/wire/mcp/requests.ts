import type { Credential } from '../../../evidence/exchange.ts';
import { streamHeaders } from '../../../protocol/messages.ts';
import type { Probe, ProbeResult } from '../probes/probe.ts';
import type { Run } from '../run.ts';

const carriedText: Record<Credential, string> = {
  none: 'without credentials',
  wrong: 'with a wrong credential',
  given: 'with the given credential',
  other: 'with the credential of another client',
};

/** The purpose of an exchange: "tools/list with the given credential". */
export function purposeOf(run: Run, what: string, credential: Credential): string {
  return `${what} ${carriedText[run.identity.carried(credential)]}`;
}

/** POSTs a message. The note ends the purpose. */
export function post(
  run: Run,
  what: string,
  url: URL,
  credential: Credential,
  message: Partial<Probe>,
  note = '',
): Promise<ProbeResult | undefined> {
  const purpose = `${purposeOf(run, what, credential)}${note}`;
  return run.prober.probe({ purpose, method: 'POST', url, credential, ...message });
}

/** A GET for an event stream. */
export function streamRequest(run: Run, url: URL, credential: Credential, patienceMs: number): Probe {
  const purpose = purposeOf(run, 'event stream', credential);
  return { purpose, method: 'GET', url, credential, headers: streamHeaders, patienceMs };
}
