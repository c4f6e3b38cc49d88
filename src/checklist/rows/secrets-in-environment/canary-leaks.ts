import type { Evidence } from '../../../evidence/evidence.ts';
import type { LineRecord } from '../../../evidence/lab/bad-input.ts';
import type { CallRecord, HttpRecord } from '../../../evidence/lab/client.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { OutputLine } from '../../../evidence/lab/launch.ts';
import { namedSecret } from '../../../text/secrets/catalogue.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { objectsIn } from '../../reading/lab/records.ts';
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

/** Characters of a sent line that a finding shows. */
const shownCharacters = 80;

/** Searches the history of every experiment, and the wire evidence of the lab’s own instance. */
export function scanForLeaks(lab: LabEvidence, { wire }: Evidence): LeakScan {
  const scan: LeakScan = { leaks: [], lines: 0, responses: 0, errors: 0 };
  scanHistory(scan, 'baseline', lab.baseline);
  for (const [id, experiment] of Object.entries(lab.experiments)) {
    if (experiment?.ran) scanHistory(scan, id as keyof LabEvidence['experiments'], experiment.history);
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

function scanHistory(scan: LeakScan, experiment: Parameters<typeof momentsOf>[0], history: unknown): void {
  const moment = momentsOf(experiment);
  const leaked = (secrets: readonly string[] | undefined, atMs: number, leak: (secret: string) => string) => {
    for (const text of (secrets ?? []).map(leak)) {
      scan.leaks.push({ text, source: moment(atMs, `the server ${text}`) });
    }
  };
  const answered = (
    { canaries, endedMs }: { canaries?: readonly string[]; endedMs: number },
    { kind, isError = false }: { kind: string; isError?: boolean },
    request: string,
  ) => {
    const isResponse = kind !== 'none' && kind !== 'no-answer' && kind !== 'failure';
    const failed = isResponse && kind !== 'answer' && (kind !== 'result' || isError);
    if (isResponse) scan.responses += 1;
    if (failed) scan.errors += 1;
    leaked(canaries, endedMs, (secret) => returned(secret, failed ? 'error' : 'response', request));
  };
  for (const value of objectsIn([history])) {
    if (isLine(value)) {
      scan.lines += 1;
      leaked(value.canaries, value.atMs, (secret) => `printed the value of ${secret} on ${value.stream}`);
    } else if (isCall(value)) answered(value, value.outcome, `a ${value.tool} call`);
    else if (isSentLine(value)) answered(value, value.answer, value.line.slice(0, shownCharacters));
    else if (isRequest(value)) answered(value, value.outcome, `${value.method} ${value.path}`);
  }
}

const has = (value: Record<string, unknown>, ...names: string[]): boolean =>
  names.every((name) => Object.hasOwn(value, name));

const isLine = (value: Record<string, unknown>): value is OutputLine & Record<string, unknown> =>
  has(value, 'stream', 'atMs', 'text');
const isCall = (value: Record<string, unknown>): value is CallRecord & Record<string, unknown> =>
  has(value, 'tool', 'sentMs', 'outcome');
const isSentLine = (value: Record<string, unknown>): value is LineRecord & Record<string, unknown> =>
  has(value, 'line', 'sentMs', 'answer');
const isRequest = (value: Record<string, unknown>): value is HttpRecord & Record<string, unknown> =>
  has(value, 'method', 'path', 'sentMs', 'outcome');
