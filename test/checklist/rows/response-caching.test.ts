import { describe, expect, it } from 'vitest';
import type { AnswersKept, CachingHistory, ColdKept, ErrorsKept } from '../../../src/evidence/lab/caching.ts';
import type { CallRecord } from '../../../src/evidence/lab/client.ts';
import type { UpstreamRequest } from '../../../src/evidence/lab/gateway.ts';
import { answer, at, project, recordWire, source } from '../../support/evidence.ts';
import { askedOf, callOf, labOf, launchOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const mcpImports = [{ library: 'fastmcp', at: at('server.py', 1) }];
const withCaches = (caches: { library: string; at: ReturnType<typeof at> }[]) => ({
  project: project({ source: source({ mcpImports, packages: [''], caches }) }),
});

it('response-caching names a cache in the source and gives no verdict', () => {
  const evidence = withCaches([{ library: 'cachetools', at: at('server.py', 9) }]);
  expect(judgeCriterion('response-caching', 'repeated-call', evidence)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(
      /^The source creates a cache: cachetools \(server\.py:9\)\. Only an experiment/,
    ),
  });
  expect(judgeRow('response-caching', withCaches([])).verdict).toBe('unknown');
});

describe('response-caching: list-hints', () => {
  const judge = (ttlMs: number | null, cacheScope: string | null) => {
    const { wire, exchange } = recordWire();
    wire.cacheHints.push({ method: 'tools/list', ttlMs, cacheScope, exchange: exchange(answer(200)) });
    return judgeCriterion('response-caching', 'list-hints', { wire });
  };

  it.each([
    [60_000, 'public', 'pass'],
    [0, 'private', 'pass'],
    [null, 'private', 'fail'],
    [0, null, 'fail'],
    [-1, 'private', 'fail'],
    [1.5, 'private', 'fail'],
    [0, 'shared', 'fail'],
  ] as const)('ttlMs %s, cacheScope %s: %s', (ttlMs, cacheScope, verdict) => {
    expect(judge(ttlMs, cacheScope).verdict).toBe(verdict);
  });

  it('names the result', () => {
    expect(judge(null, 'private')).toMatchObject({
      finding: expect.stringContaining('The tools/list result has no ttlMs and cacheScope private.'),
      sources: [{ id: 'x1' }],
    });
  });

  it('does not apply to earlier revisions, and is inconclusive without results', () => {
    const { wire, connect } = recordWire();
    expect(judgeCriterion('response-caching', 'list-hints', { wire }).verdict).toBe('inconclusive');
    connect({ revision: '2025-11-25' }, { era: 'legacy', client: 'sdk-v1' });
    expect(judgeCriterion('response-caching', 'list-hints', { wire }).verdict).toBe('not-applicable');
  });
});

const london = { city: 'London' };
const paris = { city: 'Paris' };
const berlin = { city: 'Berlin' };
const failed = { kind: 'result', isError: true, text: 'No weather: 500' } as const;

interface Step {
  at: number;
  given?: Record<string, unknown>;
  outcome?: CallRecord['outcome'];
  /** Upstream requests, by what they ask for. */
  asks?: (string | Record<string, string>)[];
  /** Milliseconds. */
  takes?: number;
}

/** A fingerprint, or the values of a query. */
const identityOf = (asked: string | Record<string, string>): Partial<UpstreamRequest> =>
  typeof asked === 'string'
    ? { fingerprint: asked }
    : {
        fingerprint: JSON.stringify(asked),
        parts: Object.entries(asked).map(([name, digest]) => ({ name: `query ${name}`, digest })),
      };

/** A call at a time, and what it asks of the upstream a millisecond later. */
function stepped<Role>(steps: (Step & { role: Role })[], fault: UpstreamRequest['fault'] = 'pass') {
  return {
    calls: steps.map(({ role, at: sentMs, given = london, outcome, takes = 20 }) => ({
      ...callOf({ sentMs, endedMs: sentMs + takes, arguments: given, ...(outcome && { outcome }) }),
      role,
    })),
    requests: steps.flatMap(({ at: sentMs, asks = [], takes = 20 }) =>
      asks.map((asked) =>
        askedOf({
          atMs: sentMs + 1,
          ...identityOf(asked),
          fault,
          outcome: { kind: 'answered', afterMs: takes - 5, status: 200, by: 'canned' },
        }),
      ),
    ),
  };
}

type AnswersStep = Step & { role: AnswersKept['calls'][number]['role'] };
type ColdStep = Step & { role: ColdKept['calls'][number]['role'] };
type ErrorsStep = Step & { role: ErrorsKept['calls'][number]['role'] };

const goodAnswers: AnswersStep[] = [
  { role: 'first', at: 1_000, asks: ['london'] },
  { role: 'repeated', at: 1_200 },
  { role: 'repeated', at: 1_400 },
  { role: 'other', at: 1_600, given: paris, asks: ['paris'] },
  { role: 'parallel', at: 2_000, given: berlin, asks: ['berlin'], takes: 1_600 },
  { role: 'parallel', at: 2_001, given: berlin, takes: 1_600 },
  { role: 'parallel', at: 2_002, given: berlin, takes: 1_600 },
];
/** The upstream is back at 1,500 ms. */
const goodErrors: ErrorsStep[] = [
  { role: 'failing', at: 1_000, given: paris, outcome: failed, asks: ['paris'] },
  { role: 'fresh', at: 1_600, asks: ['london'] },
  { role: 'retried', at: 1_800, given: paris, asks: ['paris'] },
];

function cachingOf(
  answers: AnswersStep[] = goodAnswers,
  errors: ErrorsStep[] = goodErrors,
  besides: UpstreamRequest[] = [],
  cold: ColdStep[] = [],
): CachingHistory {
  const kept = stepped(answers);
  const met = stepped(errors);
  const fresh = cold.map((step) => stepped([step]));
  return {
    instances: [
      {
        about: 'answers',
        launch: launchOf(),
        calls: kept.calls,
        gateway: { ...quietGateway, requests: [...kept.requests, ...besides] },
      },
      {
        about: 'errors',
        launch: launchOf(),
        calls: met.calls,
        gateway: {
          ...quietGateway,
          requests: met.requests,
          faults: [
            { atMs: 0, fault: 'pass' },
            { atMs: 900, fault: 'server-error' },
            { atMs: 1_500, fault: 'pass' },
          ],
        },
      },
      ...fresh.map(({ calls, requests }) => ({
        about: 'cold' as const,
        launch: launchOf(),
        calls,
        gateway: { ...quietGateway, requests },
      })),
    ],
  };
}

const judgeKept = (criterion: string, ...given: Parameters<typeof cachingOf>) =>
  judgeCriterion('response-caching', criterion, {
    lab: labOf({ caching: { ran: true, history: cachingOf(...given) } }),
  });
/** Those of a role differ from the good ones. */
const differing = <Role, S extends Step & { role: Role }>(
  steps: S[],
  role: Role,
  differs: Partial<Step>,
): S[] => steps.map((step) => (step.role === role ? { ...step, ...differs } : step));

it('response-caching passes for a correct cache', () => {
  const lab = labOf({ caching: { ran: true, history: cachingOf() } });
  expect(judgeRow('response-caching', { lab })).toMatchObject({ verdict: 'pass', proof: 'proven' });
  expect(judgeKept('repeated-call').finding).toBe(
    'For the same call 3 times, the server sent 1, 0 and 0 upstream requests.',
  );
});

describe('response-caching: repeated-call', () => {
  const repeated = (...asks: string[]) => differing(goodAnswers, 'repeated', { asks });

  it('fails when repeated calls reach the upstream', () => {
    expect(judgeKept('repeated-call', repeated('london')).verdict).toBe('fail');
    const two = differing(repeated('forecast'), 'first', { asks: ['place', 'forecast'] });
    expect(judgeKept('repeated-call', two)).toMatchObject({
      verdict: 'fail',
      finding:
        'For the same call 3 times, the server sent 2, 1 and 1 upstream requests. A cached call sends 0.',
    });
  });

  it('does not count background requests of the server', () => {
    const alone = [askedOf({ atMs: 1_100 })];
    expect(judgeKept('repeated-call', repeated('london'), goodErrors, alone).verdict).toBe('inconclusive');
    const once = goodAnswers.map((step, index) => (index === 1 ? { ...step, asks: ['london'] } : step));
    expect(judgeKept('repeated-call', once).verdict).toBe('inconclusive');
  });

  it('is inconclusive when the first call failed or sent no upstream request', () => {
    expect(judgeKept('repeated-call', differing(goodAnswers, 'first', { outcome: failed })).verdict).toBe(
      'inconclusive',
    );
    expect(judgeKept('repeated-call', differing(goodAnswers, 'first', { asks: [] })).verdict).toBe(
      'inconclusive',
    );
  });
});

describe('response-caching: keyed-by-arguments', () => {
  const silent = differing(goodAnswers, 'other', { asks: [] });

  const cold = (...asks: Step['asks'] & {}): ColdStep => ({ role: 'cold', at: 1_000, given: paris, asks });
  const judgeCold = (answers: AnswersStep[], ...fresh: ColdStep[]) =>
    judgeKept('keyed-by-arguments', answers, goodErrors, [], fresh);
  const text = (words: string) => ({ outcome: { kind: 'result', isError: false, text: words } as const });

  it('fails when other arguments have no request, and a fresh instance sends another one for them', () => {
    expect(judgeCold(silent, cold('paris'))).toMatchObject({
      verdict: 'fail',
      finding:
        'After a call with {"city":"London"}, the server sent 0 upstream requests for {"city":"Paris"}. A fresh instance sends a different upstream request for it. Both arguments share one cached result.',
    });
    // Evidence from before there were cold instances.
    expect(judgeCold(silent).verdict).toBe('fail');
  });

  it('fails when only the arguments differ in the two results', () => {
    const london = differing(
      differing(silent, 'first', text('London: 12.5 °C')),
      'repeated',
      text('London: 12.5 °C'),
    );
    expect(judgeCold(differing(london, 'other', text('PARIS: 12.5 °C')), cold('paris')).verdict).toBe('fail');
    expect(judgeCold(differing(london, 'other', text('In Paris, now 12.5')), cold('paris')).verdict).toBe(
      'fail',
    );
    expect(judgeCold(differing(london, 'other', text('Paris: 9 °C')), cold('paris')).verdict).toBe(
      'inconclusive',
    );
    const changing = differing(london, 'repeated', text('London: 12.5 °C at 10:00'));
    expect(
      judgeCold(differing(changing, 'other', text('Paris: 12.5 °C at 10:01')), cold('paris')).verdict,
    ).toBe('fail');
  });

  it('passes when a fresh instance sends the same upstream request for both arguments', () => {
    expect(judgeCold(silent, cold('london'))).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining(
        'A fresh instance sends the same upstream request for both arguments.',
      ),
    });
    const failing = { ...cold('london'), outcome: failed };
    expect(judgeCold(silent, failing).verdict).toBe('inconclusive');
  });

  it('is inconclusive when a fresh instance sends no request for the second arguments either', () => {
    expect(judgeCold(silent, cold())).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('A fresh instance sends none for it either.'),
    });
  });

  it('does not count what changes with each request', () => {
    const nonces = (...values: string[]) =>
      goodAnswers
        .filter(({ role }) => role !== 'parallel')
        .map((step, index) => ({ ...step, asks: [{ nonce: values[index] ?? '' }] }));
    const token = (nonce: string) => ({ nonce });
    const answers = nonces('a', 'b', 'c', 'd');
    answers[0]?.asks.push({ city: 'london' } as never);
    const errors = differing(goodErrors, 'fresh', { asks: [token('e'), { city: 'london' }] });
    const judgeWith = (asks: NonNullable<Step['asks']>) =>
      judgeKept('keyed-by-arguments', answers, errors, [], [cold(...asks)]);
    expect(judgeWith([token('f'), { city: 'paris' }]).verdict).toBe('fail');
    expect(judgeWith([token('f'), { city: 'london' }]).verdict).toBe('pass');
  });

  it('is inconclusive when equal calls send different requests, or the server sends others by itself', () => {
    const alike = differing(differing(goodErrors, 'failing', { asks: ['london'] }), 'retried', { asks: [] });
    expect(judgeKept('keyed-by-arguments', silent, alike).verdict).toBe('inconclusive');
    const different = differing(goodErrors, 'fresh', { asks: ['london-at-another-time'] });
    expect(judgeKept('keyed-by-arguments', silent, different).verdict).toBe('inconclusive');
    const all = [askedOf({ atMs: 1_100, fingerprint: 'all-cities' })];
    expect(judgeKept('keyed-by-arguments', silent, goodErrors, all, [cold('paris')]).verdict).toBe(
      'inconclusive',
    );
    const telemetry = [askedOf({ atMs: 1_601, path: '/v1/traces', fingerprint: 'traces' })];
    expect(judgeKept('keyed-by-arguments', silent, goodErrors, telemetry).verdict).toBe('inconclusive');
  });

  it('judges each text that was varied', () => {
    const imperial = { city: 'London', units: 'imperial' };
    const varied = (given: Record<string, unknown>, differs: Partial<AnswersStep>): AnswersStep[] => [
      ...goodAnswers,
      { role: 'varied', at: 4_000, given, ...differs },
    ];
    const freshly = (...asks: string[]): ColdStep => ({ ...cold(...asks), given: imperial });
    expect(judgeCold(varied(imperial, { asks: ['imperial'] }))).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining(
        'a request of its own for {"city":"London","units":"imperial"} as well.',
      ),
    });
    expect(judgeCold(varied(imperial, {}), freshly('imperial'))).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('0 upstream requests for {"city":"London","units":"imperial"}.'),
    });
    expect(judgeCold(varied(imperial, {}), freshly('london')).verdict).toBe('pass');
    expect(judgeCold(varied(imperial, {}), freshly()).verdict).toBe('pass');
    expect(judgeCold(varied(imperial, { outcome: failed }))).toMatchObject({
      verdict: 'pass',
      finding: expect.stringContaining(
        'The call with {"city":"London","units":"imperial"} ended with a tool error',
      ),
    });
    expect(judgeCold(varied(imperial, {})).verdict).toBe('inconclusive');
  });

  it('names the configuration key when the tool has no other arguments', () => {
    expect(judgeKept('keyed-by-arguments', goodAnswers.slice(0, 3))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('"tool"'),
    });
  });
});

describe('response-caching: errors-not-cached', () => {
  const tries = (retried: Partial<Step>, fresh: Partial<Step> = {}): ErrorsStep[] => [
    ...goodErrors.slice(0, 1),
    ...[0, 1, 2, 3].flatMap((round): ErrorsStep[] => [
      { role: 'fresh', at: 1_600 + 1_000 * round, asks: ['other'], ...fresh },
      { role: 'retried', at: 1_800 + 1_000 * round, given: paris, outcome: failed, ...retried },
    ]),
  ];

  it('fails when retries fail without an upstream request while other calls succeed', () => {
    expect(judgeKept('errors-not-cached', goodAnswers, tries({}))).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('Calls with other arguments succeeded. The server cached the error.'),
    });
  });

  it('passes when the call recovers, also after a circuit breaker', () => {
    const recovered = tries({}, { outcome: failed, asks: [] });
    recovered.push({ role: 'retried', at: 6_600, given: paris, asks: ['paris'] });
    expect(judgeKept('errors-not-cached', goodAnswers, recovered)).toMatchObject({
      verdict: 'pass',
      finding: 'Retry 5 of a failed call succeeded 5120 ms after the upstream recovered.',
    });
  });

  it.each([
    ['calls that all fail', tries({}, { outcome: failed, asks: [] })],
    ['a call that asks again and fails', tries({ asks: ['paris'] })],
    ['a limit', tries({ outcome: { kind: 'http-error', status: 429, message: 'HTTP 429' } })],
    ['no other calls', tries({}).filter(({ role }) => role !== 'fresh')],
    ['no failure', differing(goodErrors, 'failing', { outcome: callOf().outcome })],
    ['a failure without the upstream', differing(goodErrors, 'failing', { asks: [] })],
  ])('does not judge %s', (_, errors) => {
    expect(judgeKept('errors-not-cached', goodAnswers, errors).verdict).toBe('inconclusive');
  });
});

describe('response-caching: coalesced', () => {
  const parallel = (...asks: string[]) => differing(goodAnswers, 'parallel', { asks });

  it('fails when each call sends its own request', () => {
    expect(judgeKept('coalesced', parallel('berlin'))).toMatchObject({
      verdict: 'fail',
      finding:
        'For 3 equal calls in parallel, the server sent 3 upstream requests. One call alone sends 1. Up to 3 were in flight at the same time.',
    });
  });

  it('compares with the requests of one call', () => {
    const two = differing(goodAnswers, 'other', { asks: ['place', 'forecast'] });
    const shared = two.map((step, index) => (index === 4 ? { ...step, asks: ['place', 'forecast'] } : step));
    expect(judgeKept('coalesced', shared).verdict).toBe('pass');
    expect(judgeKept('coalesced', differing(two, 'parallel', { asks: ['place', 'forecast'] })).verdict).toBe(
      'fail',
    );
  });

  it('is inconclusive when calls did not overlap, or the requests of one call are unknown', () => {
    const after = goodAnswers.map((step, index) => (index === 6 ? { ...step, at: 4_000 } : step));
    expect(judgeKept('coalesced', after).verdict).toBe('inconclusive');
    expect(judgeKept('coalesced', differing(goodAnswers, 'other', { asks: [] })).verdict).toBe(
      'inconclusive',
    );
    expect(judgeKept('coalesced', parallel()).verdict).toBe('inconclusive');
    expect(judgeKept('coalesced', goodAnswers.slice(0, 4)).verdict).toBe('inconclusive');
  });
});
