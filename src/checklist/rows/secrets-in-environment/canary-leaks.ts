import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { OutputLine } from '../../../evidence/lab/launch.ts';
import { namedSecret } from '../../../text/secrets/catalogue.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { recordsOf, responsesOf } from '../../reading/lab/responses.ts';
import { requestLine } from '../../reading/wire/exchanges.ts';
import type { Source } from '../../row.ts';

/** What the server wrote and answered in the lab, searched for the lab’s canary secrets. */
export interface LeakScan {
  /** Each `text` completes "The server …": "printed the value of API_KEY on stdout". */
  leaks: { text: string; source: Source }[];
  lines: number;
  responses: number;
  /** Responses that report a failure. */
  errors: number;
}

/** Searches the history of every experiment, and the wire evidence of the lab’s own instance. */
export function scanForLeaks(lab: LabEvidence, { wire }: Evidence): LeakScan {
  const scan: LeakScan = { leaks: [], lines: 0, responses: 0, errors: 0 };
  for (const { experiment, record } of recordsOf(lab)) {
    if (!isLine(record)) continue;
    scan.lines += 1;
    for (const secret of record.canaries ?? []) {
      const text = `printed the value of ${secret} on ${record.stream}`;
      scan.leaks.push({ text, source: momentsOf(experiment)(record.atMs, `the server ${text}`) });
    }
  }
  for (const { experiment, atMs, request, to, isError, canaries } of responsesOf(lab)) {
    // The status of a health check is no failure of a call.
    const failed = isError && to !== 'request';
    scan.responses += 1;
    if (failed) scan.errors += 1;
    for (const secret of canaries) {
      const text = returned(secret, failed ? 'error' : 'response', request);
      scan.leaks.push({ text, source: momentsOf(experiment)(atMs, `the server ${text}`) });
    }
  }
  if (wire === undefined || !lab.ownWire) return scan;
  for (const exchange of wire.exchanges) {
    if (exchange.outcome.kind !== 'answer') continue;
    scan.responses += 1;
    if (exchange.outcome.status >= 400) scan.errors += 1;
    for (const secret of lab.secrets) {
      if (!exchange.exposes.includes(namedSecret(secret))) continue;
      scan.leaks.push({
        text: returned(secret, 'response', requestLine(exchange)),
        source: exchange,
      });
    }
  }
  return scan;
}

const returned = (secret: string, what: 'response' | 'error', request: string): string =>
  `returned the value of ${secret} in the ${what} to ${request}`;

const isLine = (record: Record<string, unknown>): record is OutputLine & Record<string, unknown> =>
  ['stream', 'atMs', 'text'].every((name) => Object.hasOwn(record, name));
