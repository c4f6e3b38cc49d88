import type { Evidence } from '../../../evidence/evidence.ts';
import type { LineRecord } from '../../../evidence/lab/bad-input.ts';
import type { CallRecord, HttpRecord } from '../../../evidence/lab/client.ts';
import type { GatewayRecord } from '../../../evidence/lab/gateway.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { OutputLine } from '../../../evidence/lab/launch.ts';
import { namedSecret } from '../../../text/secrets/catalogue.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { requestLine } from '../../reading/wire/exchanges.ts';
import type { Source } from '../../row.ts';

/** A secret of the lab's own making that showed up where anybody may read it. */
export interface Leak {
  secret: string;
  /** For a person: "a line on stdout", "the answer of GET /health". */
  where: string;
  source: Source;
}

/** All that the server wrote and answered in the lab. */
export interface Told {
  leaks: Leak[];
  lines: number;
  answers: number;
  /** Answers that tell of a failure. */
  failures: number;
}

/** Characters of a line that was sent, which a finding shows. */
const shownCharacters = 80;

/** Looks for canaries in what every experiment recorded, and in the wire evidence of the lab's own instance. */
export function toldInLab(lab: LabEvidence, { wire }: Evidence): Told {
  const told: Told = { leaks: [], lines: 0, answers: 0, failures: 0 };
  readHistory(told, 'baseline', lab.baseline);
  for (const [id, experiment] of Object.entries(lab.experiments)) {
    if (experiment?.ran) readHistory(told, id as keyof LabEvidence['experiments'], experiment.history);
  }
  if (wire === undefined || !lab.ownWire) return told;
  for (const exchange of wire.exchanges) {
    if (exchange.outcome.kind !== 'answer') continue;
    told.answers += 1;
    if (exchange.outcome.status >= 400) told.failures += 1;
    for (const secret of lab.secrets) {
      if (!exchange.exposes.includes(namedSecret(secret))) continue;
      told.leaks.push({ secret, where: `the answer of ${requestLine(exchange)}`, source: exchange });
    }
  }
  return told;
}

/** Requests that came by at the gateways, in every experiment. */
export function upstreamRequests(lab: LabEvidence): GatewayRecord['requests'] {
  const histories = Object.values(lab.experiments).flatMap((experiment) =>
    experiment?.ran ? [experiment.history] : [],
  );
  const found: GatewayRecord['requests'] = [];
  for (const value of objectsIn([lab.baseline, ...histories])) {
    if (isGateway(value)) found.push(...value.requests);
  }
  return found;
}

function readHistory(told: Told, experiment: Parameters<typeof momentsOf>[0], history: unknown): void {
  const moment = momentsOf(experiment);
  const leaked = (canaries: readonly string[] | undefined, where: string, atMs: number) => {
    for (const secret of canaries ?? []) {
      told.leaks.push({ secret, where, source: moment(atMs, `${secret} stood in ${where}`) });
    }
  };
  for (const value of objectsIn([history])) {
    if (isLine(value)) {
      told.lines += 1;
      leaked(value.canaries, `a line on ${value.stream}`, value.atMs);
    } else if (isCall(value)) {
      const { kind } = value.outcome;
      if (kind !== 'no-answer') told.answers += 1;
      const failed = kind === 'result' ? value.outcome.isError : kind !== 'no-answer';
      if (failed) told.failures += 1;
      leaked(
        value.canaries,
        `the ${failed ? 'error' : 'answer'} of a call of "${value.tool}"`,
        value.endedMs,
      );
    } else if (isLineSent(value)) {
      const { kind } = value.answer;
      if (kind !== 'none') told.answers += 1;
      if (kind === 'error' || (kind === 'result' && value.answer.isError)) told.failures += 1;
      leaked(value.canaries, `the answer to ${value.line.slice(0, shownCharacters)}`, value.endedMs);
    } else if (isRequest(value)) {
      const { outcome } = value;
      if (outcome.kind === 'answer') told.answers += 1;
      leaked(value.canaries, `the answer of ${value.method} ${value.path}`, value.endedMs);
    }
  }
}

/** Every object within, the outer before the inner. Histories differ in where they keep what is alike. */
function* objectsIn(values: readonly unknown[]): Generator<Record<string, unknown>> {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value as Record<string, unknown>;
    yield* objectsIn(Object.values(value));
  }
}

const has = (value: Record<string, unknown>, ...names: string[]): boolean =>
  names.every((name) => Object.hasOwn(value, name));

const isLine = (value: Record<string, unknown>): value is OutputLine & Record<string, unknown> =>
  has(value, 'stream', 'atMs', 'text');
const isCall = (value: Record<string, unknown>): value is CallRecord & Record<string, unknown> =>
  has(value, 'tool', 'sentMs', 'outcome');
const isLineSent = (value: Record<string, unknown>): value is LineRecord & Record<string, unknown> =>
  has(value, 'line', 'sentMs', 'answer');
const isRequest = (value: Record<string, unknown>): value is HttpRecord & Record<string, unknown> =>
  has(value, 'method', 'path', 'sentMs', 'outcome');
const isGateway = (value: Record<string, unknown>): value is GatewayRecord & Record<string, unknown> =>
  has(value, 'requests', 'failedConnections', 'faults');
