import { describe, expect, it } from 'vitest';
import type { FailureMet, InstanceThatMet } from '../../../src/evidence/lab/failing-upstream.ts';
import type { UpstreamRequest } from '../../../src/evidence/lab/gateway.ts';
import type { StalledUpstreamHistory } from '../../../src/evidence/lab/stalled-upstream.ts';
import type { HttpCall, SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { askedOf, callOf, labOf, launchOf, pollOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const server = { library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) };
const call = (limit: HttpCall['limit'], file = 'src/weather.ts', line = 7): HttpCall => ({
  library: 'axios',
  call: 'axios.get',
  limit,
  at: at(file, line),
});
const judge = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('upstream-timeouts', criterion, {
    project: project({ source: source({ mcpImports: [server], packages: [''], ...differs }) }),
  });
const headers = (...httpCalls: HttpCall[]) => judge('stalled-headers', { httpCalls });
const body = (...httpCalls: HttpCall[]) => judge('dripping-body', { httpCalls });

describe('upstream-timeouts', () => {
  it('fails for a call without a timeout, with name and place', () => {
    expect(headers(call('wait'), call('none'))).toMatchObject({
      verdict: 'fail',
      proof: 'declared',
      finding: 'The source calls axios.get (src/weather.ts:7) without a timeout.',
      sources: [at('src/weather.ts', 7)],
    });
    expect(body(call('none')).verdict).toBe('fail');
  });

  it('passes when every call has a sufficient timeout', () => {
    expect(headers(call('wait'), call('whole')).verdict).toBe('pass');
    expect(body(call('whole')).verdict).toBe('pass');
  });

  it('is inconclusive for a body behind a read timeout, and for an unknown timeout', () => {
    expect(body(call('wait')).verdict).toBe('inconclusive');
    expect(headers(call('unknown'), call('wait')).verdict).toBe('inconclusive');
    expect(headers().verdict).toBe('inconclusive');
  });

  it('is inconclusive when surrounding code may limit the call', () => {
    const timeGuards = [{ call: 'withTimeout', at: at('src/tools.ts', 3) }];
    expect(judge('stalled-headers', { httpCalls: [call('none')], timeGuards })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('withTimeout (src/tools.ts:3)'),
    });
  });

  it.each([
    'test/weather.test.ts',
    'scripts/seed.ts',
    'src/ui/app.ts',
    'src/App.tsx',
    'examples/a.py',
    'vite.config.ts',
  ])('ignores files that are not server code: %s', (file) => {
    expect(headers(call('none', file)).verdict).toBe('inconclusive');
  });

  it('judges only packages that import an MCP server library', () => {
    const packages = ['', 'packages/api', 'packages/mcp-server'];
    const mcpImports = [{ library: 'fastmcp', at: at('packages/mcp-server/src/index.ts') }];
    const httpCalls = [call('none', 'packages/api/src/a.ts')];
    expect(judge('stalled-headers', { packages, mcpImports, httpCalls }).verdict).toBe('inconclusive');
    const own = [call('none', 'packages/mcp-server/src/a.ts')];
    expect(judge('stalled-headers', { packages, mcpImports, httpCalls: own }).verdict).toBe('fail');
    expect(judge('stalled-headers', { mcpImports: [], httpCalls: [call('none')] }).verdict).toBe(
      'inconclusive',
    );
    const client = [{ library: '@modelcontextprotocol/sdk/client/index.js', at: at('src/a.ts') }];
    expect(judge('stalled-headers', { mcpImports: client, httpCalls: [call('none')] }).verdict).toBe(
      'inconclusive',
    );
  });
});

type Hanging = StalledUpstreamHistory['calls'][number];

/** The call is sent at 1,000 ms; its request arrives at 1,010 ms, and is given up at 4,000 ms. */
function hangingOf({
  call = {},
  asked = {},
  ...history
}: Partial<StalledUpstreamHistory> & {
  call?: Partial<Hanging>;
  asked?: Partial<UpstreamRequest> | null;
} = {}): StalledUpstreamHistory {
  const failed = { kind: 'result', isError: true, text: 'No weather: TimeoutError' } as const;
  const met = askedOf({
    atMs: 1_010,
    fault: 'stall',
    fingerprint: 'paris',
    outcome: { kind: 'given-up', afterMs: 2_990 },
    ...asked,
  });
  return {
    launch: launchOf(),
    calls: [
      { ...callOf(), role: 'before' },
      { ...callOf({ sentMs: 600, endedMs: 604 }), role: 'repeated-before' },
      {
        ...callOf({ sentMs: 1_000, endedMs: 4_010, arguments: { city: 'Paris' }, outcome: failed }),
        role: 'hanging',
        ...call,
      },
      { ...callOf({ sentMs: 1_020, endedMs: 1_024 }), role: 'repeated-meanwhile' },
    ],
    requests: [
      { ...pollOf(200, { sentMs: 700, endedMs: 704 }), when: 'before' },
      { ...pollOf(503, { sentMs: 1_020, endedMs: 1_520 }), when: 'meanwhile' },
    ],
    lists: [
      { sentMs: 700, endedMs: 703, tools: 1, when: 'before' },
      { sentMs: 1_020, endedMs: 1_023, tools: 1, when: 'meanwhile' },
    ],
    gateway: { ...quietGateway, requests: [askedOf(), ...(asked === null ? [] : [met])] },
    boundMs: 20_000,
    auditorDelayMs: 21,
    ...history,
  };
}

const timedOut: Partial<Hanging> = {
  endedMs: 21_000,
  outcome: { kind: 'no-answer', timedOut: true, message: 'Request timed out' },
};
const judgeStall = (history: Parameters<typeof hangingOf>[0], criterion = 'stalled-headers') =>
  judgeCriterion('upstream-timeouts', criterion, {
    lab: labOf({ 'stalled-upstream': { ran: true, history: hangingOf(history) } }),
  });

describe('upstream-timeouts: a call whose upstream hangs', () => {
  it('passes for a clean error, and reports the server’s own timeout', () => {
    expect(judgeStall({})).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding:
        'While the upstream stalled before its headers, the call ended after 3010 ms (limit: 20 s) with a tool error ("No weather: TimeoutError"). The server aborted its upstream request after 2990 ms.',
    });
    const outcome = { kind: 'protocol-error', code: -32_603, message: 'upstream timed out' } as const;
    expect(judgeStall({ call: { outcome } }).verdict).toBe('pass');
  });

  it('fails when the call does not end, and ignores an abort after the client left', () => {
    const asked = { outcome: { kind: 'given-up', afterMs: 20_000 } } as const;
    expect(judgeStall({ call: timedOut, asked })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(
        /did not end within 20 s\. The server did not abort its upstream request in that time\./,
      ),
    });
  });

  it.each([
    ['a broken connection', { kind: 'no-answer', timedOut: false, message: 'other side closed' }, 'fail'],
    ['HTTP 500 alone', { kind: 'http-error', status: 500, message: 'HTTP 500' }, 'fail'],
    ['a limit of the server', { kind: 'http-error', status: 429, message: 'HTTP 429' }, 'inconclusive'],
    ['an empty result', { kind: 'result', isError: false, text: '' }, 'fail'],
    ['an error as a result', { kind: 'result', isError: false, text: 'Unable to fetch weather' }, 'fail'],
    ['an answer', { kind: 'result', isError: false, text: '9 °C' }, 'inconclusive'],
    [
      'an answer that says that it is old',
      { kind: 'result', isError: false, text: 'Upstream timeout, cached: 9 °C' },
      'inconclusive',
    ],
  ] as const)('judges %s', (_, outcome, verdict) => {
    expect(judgeStall({ call: { outcome } }).verdict).toBe(verdict);
  });

  it('fails for an error with a stack trace, and quotes it', () => {
    const trace = 'FetchError: timed out at Object.<anonymous> (/app/dist/weather.js:10:5) at next';
    expect(judgeStall({ call: { outcome: { kind: 'result', isError: true, text: trace } } })).toMatchObject({
      verdict: 'fail',
      finding:
        'While the upstream stalled before its headers, the call ended after 3010 ms (limit: 20 s) with a tool error that contains a JavaScript stack trace ("at Object.<anonymous> (/app/dist/weather.js:10:5) at next"). The server aborted its upstream request after 2990 ms.',
    });
    const detail = '"Traceback (most recent call last):\\n  File \\"/app/server.py\\", line 3"';
    for (const outcome of [
      { kind: 'protocol-error', code: -32_603, message: 'Internal error', detail },
      { kind: 'result', isError: true, text: 'Error', detail },
    ] as const) {
      expect(judgeStall({ call: { outcome } })).toMatchObject({
        verdict: 'fail',
        finding: expect.stringContaining('error that contains a Python traceback ("Traceback'),
      });
    }
  });

  it('passes for an error that names the upstream and its path', () => {
    const text = 'GET /v1/weather at api.weather.test: no answer in time (12:30:05)';
    expect(judgeStall({ call: { outcome: { kind: 'result', isError: true, text } } }).verdict).toBe('pass');
  });

  it('is inconclusive for a short timeout of a dripping body: it may be a read timeout', () => {
    const judge = (endedMs: number, auditorDelayMs: number) =>
      judgeCriterion('upstream-timeouts', 'dripping-body', {
        lab: labOf({
          'dripping-upstream': {
            ran: true,
            history: hangingOf({ call: { endedMs }, asked: { fault: 'drip' }, auditorDelayMs }),
          },
        }),
      }).verdict;
    expect(judge(4_010, 21)).toBe('pass');
    expect(judge(1_800, 21)).toBe('inconclusive');
    expect(judge(2_200, 400)).toBe('inconclusive');
  });

  it('is inconclusive without an upstream request, or without the experiment', () => {
    const outcome = { kind: 'result', isError: true, text: 'circuit open' } as const;
    expect(judgeStall({ asked: null, call: { endedMs: 1_004, outcome } })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('without an upstream request, and never waited'),
    });
    const lab = labOf({ 'stalled-upstream': { ran: false, reason: 'It broke.', help: 'Mend it.' } });
    expect(judgeCriterion('upstream-timeouts', 'stalled-headers', { lab })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'It broke. Mend it.',
    });
  });
});

describe('upstream-timeouts: others-served', () => {
  const list = (endedMs: number, tools: number | null = 1): StalledUpstreamHistory['lists'] => [
    { sentMs: 700, endedMs: 703, tools: 1, when: 'before' },
    { sentMs: 1_020, endedMs, tools, when: 'meanwhile' },
  ];
  const judge = (history: Parameters<typeof hangingOf>[0]) => judgeStall(history, 'others-served');

  it('passes when the server answered other requests while the call hung', () => {
    expect(judge({})).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining('the server answered tools/list in 3 ms (usually 3 ms)'),
    });
    expect(judge({ requests: [] }).verdict).toBe('pass');
  });

  it('fails when other requests waited until the call ended', () => {
    expect(judge({ lists: list(4_012) }).verdict).toBe('fail');
    expect(judge({ lists: list(4_012), auditorDelayMs: 700 }).verdict).toBe('fail');
    expect(judge({ lists: list(21_020, null), call: timedOut }).verdict).toBe('fail');
  });

  it('is inconclusive when the machine, health or the cache explains the wait', () => {
    expect(judge({ lists: list(4_012), auditorDelayMs: 900 }).verdict).toBe('inconclusive');
    expect(judge({ lists: list(3_500) }).verdict).toBe('inconclusive');
    const slowBefore = list(4_012).map((one) => (one.when === 'before' ? { ...one, endedMs: 1_700 } : one));
    expect(judge({ lists: slowBefore }).verdict).toBe('inconclusive');
    const late = { ...pollOf(503, { sentMs: 1_020, endedMs: 4_020 }), when: 'meanwhile' } as const;
    expect(judge({ requests: [late] })).toMatchObject({ verdict: 'inconclusive' });
    const repeated = { ...callOf({ sentMs: 1_020, endedMs: 4_012 }), role: 'repeated-meanwhile' } as const;
    const { calls, gateway } = hangingOf();
    const again = askedOf({ atMs: 1_030, fault: 'stall' });
    expect(judge({ calls: [...calls.slice(0, 3), repeated] }).verdict).toBe('fail');
    expect(
      judge({
        calls: [...calls.slice(0, 3), repeated],
        gateway: { ...gateway, requests: [...gateway.requests, again] },
      }).verdict,
    ).toBe('pass');
  });

  it('is inconclusive when no call waited', () => {
    expect(judge({ asked: null }).verdict).toBe('inconclusive');
    expect(judge({ lists: [] }).verdict).toBe('inconclusive');
  });
});

const error = { kind: 'result', isError: true, text: 'No weather' } as const;

type FailureSeen = FailureMet & Pick<InstanceThatMet, 'gateway'>;

/** The upstream fails from 1,000 ms on and is back at 2,000 ms. */
function failureOf(seen: Partial<FailureSeen> = {}): FailureSeen {
  const { fault = 'server-error' } = seen;
  return {
    fault,
    calls: [
      { ...callOf(), role: 'before' },
      { ...callOf({ sentMs: 1_010, endedMs: 1_050, outcome: error }), role: 'failing' },
      { ...callOf({ sentMs: 2_010, endedMs: 2_050 }), role: 'afterwards' },
    ],
    gateway: {
      ...quietGateway,
      requests: [askedOf(), askedOf({ atMs: 1_020, fault }), askedOf({ atMs: 2_020 })],
      faults: [
        { atMs: 0, fault: 'pass' },
        { atMs: 1_000, fault },
        { atMs: 2_000, fault: 'pass' },
      ],
    },
    ...seen,
  };
}

/** Each on an instance of its own. */
const judgeFailures = (criterion: string, ...failures: FailureSeen[]) =>
  judgeInstances(
    criterion,
    ...failures.map(({ gateway, ...met }) => ({ failures: [met], launch: launchOf(), gateway })),
  );

const judgeInstances = (criterion: string, ...instances: InstanceThatMet[]) =>
  judgeCriterion('upstream-timeouts', criterion, {
    lab: labOf({ 'failing-upstream': { ran: true, history: { instances, boundMs: 20_000 } } }),
  });

describe('upstream-timeouts: an upstream that fails', () => {
  const ending = (outcome: Hanging['outcome'], seen: Partial<FailureSeen> = {}) => {
    const usual = failureOf(seen);
    const calls = usual.calls.map((call) => (call.role === 'failing' ? { ...call, outcome } : call));
    return { ...usual, calls };
  };

  it('passes when the call reports each failure, and fails when it hides one', () => {
    expect(judgeFailures('fails-cleanly', failureOf(), failureOf({ fault: 'reset' }))).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining('When the upstream reset connections, the call ended after 40 ms'),
    });
    const swallowed = { kind: 'result', isError: false, text: '' } as const;
    const judged = judgeFailures('fails-cleanly', failureOf(), ending(swallowed, { fault: 'reset' }));
    expect(judged).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(/^When the upstream reset/),
    });
    const broken = { kind: 'no-answer', timedOut: false, message: 'other side closed' } as const;
    expect(judgeFailures('fails-cleanly', ending(broken)).verdict).toBe('fail');
    const traced = { ...error, text: 'Error: no weather at get (/app/weather.js:10:5)' };
    expect(judgeFailures('fails-cleanly', failureOf(), ending(traced, { fault: 'reset' }))).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('a tool error that contains a JavaScript stack trace ("at get (/app/'),
    });
  });

  it('is inconclusive without an upstream request, except for refused connections', () => {
    const gateway = quietGateway;
    expect(judgeFailures('fails-cleanly', failureOf({ gateway })).verdict).toBe('inconclusive');
    expect(judgeFailures('fails-cleanly', failureOf({ fault: 'refuse', gateway })).verdict).toBe('pass');
  });

  it('compares attempts with the usual requests of a call', () => {
    const requests = (count: number) => [
      askedOf(),
      ...Array.from({ length: count }, (_, index) => askedOf({ atMs: 1_020 + index, fault: 'server-error' })),
    ];
    const judge = (count: number) =>
      judgeFailures('bounded-retries', failureOf({ gateway: { ...quietGateway, requests: requests(count) } }))
        .verdict;
    expect([0, 4, 10, 11].map(judge)).toEqual(['inconclusive', 'pass', 'pass', 'fail']);
  });

  it('separates the faults of one instance', () => {
    const first = failureOf({ fault: 'refuse' });
    const laterMs = 5_000;
    const later = <T extends { atMs: number }>(one: T): T => ({ ...one, atMs: one.atMs + laterMs });
    const calls = failureOf().calls.map((call) => ({
      ...call,
      sentMs: call.sentMs + laterMs,
      endedMs: call.endedMs + laterMs,
      outcome: call.role === 'afterwards' ? error : call.outcome,
    }));
    const { requests, faults } = failureOf().gateway;
    const instance = {
      failures: [
        { fault: first.fault, calls: first.calls },
        { fault: 'server-error' as const, calls },
      ],
      launch: launchOf(),
      gateway: {
        ...quietGateway,
        requests: [...first.gateway.requests, ...requests.map(later)],
        faults: [...first.gateway.faults, ...faults.map(later)],
      },
    };
    expect(judgeInstances('recovers', instance)).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('50 ms after the recovery'),
    });
    expect(judgeInstances('bounded-retries', instance).finding).toBe(
      'For one call, the server sent 1 upstream request on refused connections and 1 on status 500. The limit is 10.',
    );
  });

  it('judges whether calls succeed after the recovery', () => {
    expect(judgeFailures('recovers', failureOf()).verdict).toBe('pass');
    const { calls, gateway } = failureOf();
    const afterwards = (outcome: Hanging['outcome'], { asked = true, times = 2 } = {}) =>
      judgeFailures(
        'recovers',
        failureOf({
          calls: [
            ...calls.slice(0, 2),
            ...Array.from({ length: times }, () => ({
              ...callOf({ sentMs: 2_010, endedMs: 2_050, outcome }),
              role: 'afterwards' as const,
            })),
          ],
          gateway: { ...gateway, requests: gateway.requests.slice(0, asked ? 3 : 2) },
        }),
      ).verdict;
    expect(afterwards(error)).toBe('fail');
    const unknown = calls.map((call) => (call.role === 'failing' ? call : { ...call, outcome: error }));
    expect(judgeFailures('recovers', failureOf({ calls: unknown })).verdict).toBe('inconclusive');
    expect(afterwards({ kind: 'no-answer', timedOut: true, message: '' })).toBe('fail');
    const lost = { kind: 'no-answer', timedOut: false, message: 'read ECONNRESET' } as const;
    expect(afterwards(lost, { times: 1 })).toBe('inconclusive');
    expect(afterwards(error, { asked: false })).toBe('inconclusive');
    expect(afterwards({ kind: 'result', isError: false, text: '9 °C' }, { asked: false })).toBe(
      'inconclusive',
    );
  });
});
