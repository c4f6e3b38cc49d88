import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { CallOutcome, HttpRecord } from '../../../src/evidence/lab/client.ts';
import type { ShutdownHistory } from '../../../src/evidence/lab/shutdown.ts';
import { known, notKnown, project, workload } from '../../support/evidence.ts';
import {
  baselineOf,
  callOf,
  labOf,
  launchOf,
  listener,
  pollOf,
  quietGateway,
} from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const row = 'graceful-shutdown';

/** A new request, some milliseconds after the signal. */
const newRequest = (afterMs: number, outcome: 'served' | 'refused' | 'hung' | number): HttpRecord => {
  const sentMs = signalMs + afterMs;
  const times = { method: 'POST', path: '/mcp', sentMs, endedMs: sentMs + 5 };
  if (typeof outcome === 'number') return pollOf(outcome, times);
  if (outcome === 'served') {
    return pollOf(200, {
      ...times,
      outcome: { kind: 'answer', status: 200, headers: {}, body: '{"jsonrpc":"2.0","id":1,"result":{}}' },
    });
  }
  const reason = outcome === 'refused' ? 'refused' : 'timeout';
  return { ...times, outcome: { kind: 'failure', reason, message: reason } };
};

const signalMs = 1_000;
const exitAt = (afterMs: number, code: number | null = 0, signal: string | null = null) =>
  launchOf({ exit: { atMs: signalMs + afterMs, code, signal } });
const gone = { processes: [], accepts: false };

/** The call ends 1.5 s after the signal. The server refuses new requests, ends its stream and exits. */
function historyOf(history: Partial<ShutdownHistory> = {}): ShutdownHistory {
  return {
    launch: exitAt(1_520),
    calls: [callOf({ sentMs: 990, endedMs: signalMs + 1_500 })],
    notHeld: null,
    requests: [newRequest(-200, 'served'), newRequest(150, 'refused')],
    requestsEveryMs: 400,
    gateway: quietGateway,
    stream: { request: 'GET /mcp', openedMs: 700, end: { kind: 'ended', atMs: signalMs + 10 } },
    idleConnection: { openedMs: 710, closedMs: signalMs + 5 },
    signalMs,
    waitedUntilMs: signalMs + 1_520,
    left: { atMs: signalMs + 1_521, ...gone },
    leftAfterwards: { atMs: signalMs + 1_521, ...gone },
    ...history,
  };
}

function judge(criterion: string, history: Partial<ShutdownHistory>, evidence: Partial<Evidence> = {}) {
  const lab = labOf({ shutdown: { ran: true, history: historyOf(history) } });
  return judgeCriterion(row, criterion, { lab, ...evidence });
}

/** The signal ended the wrapper; the server still runs. */
const wrapped: Partial<ShutdownHistory> = {
  launch: launchOf({ pid: 100, exit: { atMs: signalMs + 20, code: null, signal: 'SIGTERM' } }),
  left: { atMs: signalMs + 21, processes: [101], accepts: true },
  leftAfterwards: { atMs: signalMs + 2_021, processes: [101], accepts: true },
  requests: [newRequest(-200, 'served'), newRequest(150, 'served')],
  stream: { request: 'GET /mcp', openedMs: 700, end: { kind: 'open' } },
};

describe('graceful-shutdown in the lab: call-finishes', () => {
  const ended = (outcome: CallOutcome) => ({ calls: [callOf({ sentMs: 990, endedMs: 2_500, outcome })] });
  const givenUp: ShutdownHistory['gateway'] = {
    ...quietGateway,
    requests: [
      {
        ...{ atMs: 995, scheme: 'https', method: 'GET', host: 'api.weather.test', path: '/', fault: 'slow' },
        canaries: [],
        outcome: { kind: 'given-up', afterMs: 800 },
      },
    ],
  };
  const error: CallOutcome = { kind: 'result', isError: true, text: 'no weather' };

  it.each<[string, Partial<ShutdownHistory>, string]>([
    ['a result', {}, 'pass'],
    ['an error', ended(error), 'fail'],
    ['an error after its own time limit', { ...ended(error), gateway: givenUp }, 'inconclusive'],
    ['a closed connection', ended({ kind: 'no-answer', timedOut: false, message: 'closed' }), 'fail'],
    ['503', ended({ kind: 'http-error', status: 503, message: 'HTTP 503' }), 'fail'],
    ['no call in flight', { notHeld: 'The calls sent no upstream request.', calls: [] }, 'inconclusive'],
    ['a call that ended before', { calls: [callOf({ sentMs: 900, endedMs: 950 })] }, 'inconclusive'],
    ['a result of a server that did not receive the signal', wrapped, 'inconclusive'],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judge('call-finishes', history).verdict).toBe(verdict);
  });

  it('compares an error with that of a tool that never succeeds', () => {
    const judgeFailing = (history: Partial<ShutdownHistory>) => {
      const baseline = baselineOf({
        calls: [callOf({ outcome: { ...error, text: 'no weather (request 17)' } })],
      });
      const lab = labOf({ shutdown: { ran: true, history: historyOf(history) } }, { baseline });
      return judgeCriterion(row, 'call-finishes', { lab });
    };
    const usual = ended({ ...error, text: 'no weather (request 18)' });
    expect(judgeFailing(usual)).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining('Without SIGTERM, calls return the same error.'),
    });
    expect(judgeFailing(ended({ ...error, text: 'shutting down' })).verdict).toBe('inconclusive');
    expect(judgeFailing({ ...usual, gateway: givenUp }).verdict).toBe('inconclusive');
    expect(judgeFailing(ended({ kind: 'no-answer', timedOut: false, message: 'closed' })).verdict).toBe(
      'fail',
    );
  });

  it('reports the times', () => {
    expect(judge('call-finishes', {}).finding).toBe(
      'SIGTERM came 10 ms into a call. The call returned its result 1500 ms later.',
    );
  });
});

describe('graceful-shutdown in the lab: exits-cleanly', () => {
  const running = (afterMs: number): Partial<ShutdownHistory> => ({
    launch: launchOf(),
    waitedUntilMs: signalMs + afterMs,
    left: { atMs: signalMs + afterMs, processes: [101], accepts: false },
    leftAfterwards: { atMs: signalMs + afterMs, processes: [101], accepts: false },
  });
  const late: Partial<ShutdownHistory> = {
    launch: launchOf({
      pid: 100,
      exit: { atMs: signalMs + 20, code: 0, signal: null },
      outcome: { kind: 'listening', afterMs: 300, port: 21_000, portIgnored: false, listener },
    }),
    left: { atMs: signalMs + 21, processes: [101], accepts: true },
  };

  it.each<[string, Partial<ShutdownHistory>, string]>([
    ['code 0', {}, 'pass'],
    ['code 1', { launch: exitAt(20, 1) }, 'fail'],
    ['code 143', { launch: exitAt(20, 143) }, 'fail'],
    ['the signal', { launch: exitAt(20, null, 'SIGTERM') }, 'fail'],
    ['code 0 after 12 s', { launch: exitAt(12_000) }, 'fail'],
    ['no end in 20 s', running(20_000), 'fail'],
    ['no end within a wait of 5 s', running(5_000), 'inconclusive'],
    ['a server that outlives its wrapper', wrapped, 'fail'],
    ['a server that ends after its wrapper', late, 'inconclusive'],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judge('exits-cleanly', history).verdict).toBe(verdict);
  });

  it.each([
    ['30', known('30'), 'pass'],
    ['no', undefined, 'pass'],
    ['unreadable', notKnown('${T}', 'T is not set'), 'pass'],
    ['8', known('8'), 'fail'],
  ])('allows the stop timeout of the deployment: %s s', (_, stopSeconds, verdict) => {
    const differs = stopSeconds === undefined ? {} : { stopSeconds };
    const workloads = [workload({ platform: 'kubernetes', ...differs })];
    const evidence = { project: project({ workloads }) };
    expect(judge('exits-cleanly', { launch: exitAt(12_000) }, evidence).verdict).toBe(verdict);
  });
});

describe('graceful-shutdown in the lab: refuses-new', () => {
  const served = (...after: number[]) => after.map((afterMs) => newRequest(afterMs, 'served'));
  const requests = (...after: HttpRecord[]) => ({ requests: [newRequest(-200, 'served'), ...after] });

  it.each<[string, Partial<ShutdownHistory>, string]>([
    ['a refused connection', {}, 'pass'],
    ['503', requests(newRequest(150, 503)), 'pass'],
    ['a server that has stopped', { launch: exitAt(20), ...requests(newRequest(150, 'refused')) }, 'pass'],
    [
      'responses for a delay, then 503 while a stream drains',
      { launch: exitAt(9_000), ...requests(...served(150, 1_000, 4_000), newRequest(5_000, 503)) },
      'pass',
    ],
    [
      'responses until the call and the server end',
      requests(...served(150, 600, 1_300), newRequest(1_600, 'refused')),
      'fail',
    ],
    [
      'responses until the call ends, then refusals before a late exit',
      { launch: exitAt(4_000), ...requests(...served(150, 600, 1_300), newRequest(1_600, 'refused')) },
      'fail',
    ],
    [
      'responses for a while, and refusals after the call',
      { launch: exitAt(4_000), ...requests(...served(150, 300, 600), newRequest(1_600, 'refused')) },
      'inconclusive',
    ],
    [
      'responses for a delay, then an exit',
      { launch: exitAt(5_010), ...requests(...served(150, 1_300, 4_900), newRequest(5_100, 'refused')) },
      'inconclusive',
    ],
    ['responses without an end', { launch: launchOf(), ...requests(...served(150, 5_000, 20_000)) }, 'fail'],
    [
      'responses for the whole wait',
      { launch: launchOf(), ...requests(...served(150, 5_000)) },
      'inconclusive',
    ],
    ['silence', requests(newRequest(150, 'hung')), 'inconclusive'],
    ['a rate limit', requests(newRequest(150, 429)), 'inconclusive'],
    [
      'an error before the signal',
      { requests: [newRequest(-200, 400), newRequest(150, 400)] },
      'inconclusive',
    ],
    ['no endpoint', { requests: [] }, 'inconclusive'],
    ['responses of a server that did not receive the signal', wrapped, 'inconclusive'],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judge('refuses-new', history).verdict).toBe(verdict);
  });
});

describe('graceful-shutdown in the lab: streams-end', () => {
  const stream = (end: NonNullable<ShutdownHistory['stream']>['end']) => ({
    stream: { request: 'GET /mcp', openedMs: 700, end },
  });

  it.each<[string, Partial<ShutdownHistory>, string]>([
    ['an end', {}, 'pass'],
    ['a reset', stream({ kind: 'broken', atMs: signalMs + 10, message: 'read ECONNRESET' }), 'fail'],
    ['no end', { ...stream({ kind: 'open' }), launch: launchOf() }, 'fail'],
    ['an end before the signal', stream({ kind: 'ended', atMs: 900 }), 'inconclusive'],
    ['no stream', { stream: null }, 'inconclusive'],
    ['a server that did not receive the signal', wrapped, 'inconclusive'],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judge('streams-end', history).verdict).toBe(verdict);
  });
});
