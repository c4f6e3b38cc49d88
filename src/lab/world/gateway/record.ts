import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnsweredBy, FaultName, GatewayRecord, UpstreamRequest } from '../../../evidence/lab/gateway.ts';
import type { Canaries } from '../canaries.ts';
import type { Clock } from '../clock.ts';
import { dripMs } from './faults/drip.ts';
import { slowMs } from './faults/slow.ts';
import { fingerprintOf, partsOf } from './request-parts.ts';

const maxRequests = 2_000;
const maxFailures = 100;
const maxPathCharacters = 300;

/** Records the outcome of one request. */
export interface Entry {
  answeredBy: (by: AnsweredBy) => void;
  cut: () => void;
  /** The response was closed, by either side. */
  over: (response: ServerResponse) => void;
}

export interface Recording {
  request: (request: IncomingMessage, url: URL, body: Buffer, fault: FaultName) => Entry;
  failed: (host: string | null, reason: string) => void;
  fault: (fault: FaultName) => void;
  arrived: (count: number) => Promise<void>;
  /** No more requests will arrive. */
  end: () => void;
  facts: () => GatewayRecord;
}

export function createRecord(canaries: Canaries, now: Clock): Recording {
  const requests: UpstreamRequest[] = [];
  const faults: GatewayRecord['faults'] = [{ atMs: 0, fault: 'pass' }];
  const failedConnections: GatewayRecord['failedConnections'] = [];
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let count = 0;
  const at = () => Math.round(now());

  const enter = (request: IncomingMessage, url: URL, body: Buffer, fault: FaultName): Entry => {
    const entered: UpstreamRequest = {
      atMs: at(),
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      method: request.method ?? '',
      host: canaries.mask(url.host),
      path: canaries.beginning(url.pathname, maxPathCharacters),
      fingerprint: fingerprintOf(request.method ?? '', url, body),
      parts: partsOf(url, body, canaries.mask),
      fault,
      canaries: canariesOf(canaries, request, url, body),
      outcome: { kind: 'open' },
    };
    count += 1;
    if (requests.length < maxRequests) requests.push(entered);
    for (const waiter of waiting) {
      if (count < waiter.count) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
    let by: AnsweredBy = 'fault';
    let cut = false;
    return {
      answeredBy: (who) => {
        by = who;
      },
      cut: () => {
        cut = true;
      },
      over: ({ writableFinished, statusCode }) => {
        const afterMs = at() - entered.atMs;
        entered.outcome = writableFinished
          ? { kind: 'answered', afterMs, status: statusCode, by }
          : { kind: cut ? 'cut' : 'given-up', afterMs };
      },
    };
  };

  return {
    request: enter,
    failed: (host, reason) => {
      if (failedConnections.length >= maxFailures) return;
      failedConnections.push({ atMs: at(), host: host === null ? null : canaries.mask(host), reason });
    },
    fault: (fault) => faults.push({ atMs: at(), fault }),
    arrived: (wanted) =>
      new Promise((resolve) => {
        if (count >= wanted) resolve();
        else waiting.add({ count: wanted, resolve });
      }),
    end: () => {
      for (const { resolve } of waiting) resolve();
    },
    facts: () =>
      structuredClone({
        requests,
        moreRequests: count - requests.length,
        faults,
        slowMs,
        dripMs,
        failedConnections,
      }),
  };
}

function canariesOf(
  canaries: Canaries,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): UpstreamRequest['canaries'] {
  const places: [string, string][] = [
    ...Object.entries(request.headers).map(([name, value]): [string, string] => [
      `header ${name}`,
      String(value),
    ]),
    ...[...url.searchParams].map(([name, value]): [string, string] => [`query ${name}`, value]),
    ['path', url.pathname],
    ['body', body.toString('utf8')],
  ];
  return places.flatMap(([where, text]) =>
    canaries.namesIn(text).map((name) => ({ name, where: canaries.mask(where) })),
  );
}
