import { streamHeaders } from '../../../protocol/messages.ts';
import type { SentCredential } from '../http/identity.ts';
import type { Probe, ProbeResult } from '../probes/probe.ts';
import type { Run } from '../run.ts';

const carriedText: Record<SentCredential, string> = {
  none: 'without credentials',
  wrong: 'with a wrong credential',
  given: 'with the given credential',
  other: 'with the credential of another client',
  prefix: 'with the beginning of the given credential',
  extended: 'with the given credential and more characters',
};

/** The purpose of an exchange: "tools/list with the given credential". */
export function purposeOf(run: Run, what: string, credential: SentCredential): string {
  return `${what} ${carriedText[run.identity.carried(credential)]}`;
}

/** POSTs a message. The note ends the purpose. */
export function post(
  run: Run,
  what: string,
  url: URL,
  credential: SentCredential,
  message: Partial<Probe>,
  note = '',
): Promise<ProbeResult | undefined> {
  const purpose = `${purposeOf(run, what, credential)}${note}`;
  return run.prober.probe({ purpose, method: 'POST', url, credential, ...message });
}

/** A GET for an event stream. */
export function streamRequest(run: Run, url: URL, credential: SentCredential, patienceMs: number): Probe {
  const purpose = purposeOf(run, 'event stream', credential);
  return { purpose, method: 'GET', url, credential, headers: streamHeaders, patienceMs };
}
