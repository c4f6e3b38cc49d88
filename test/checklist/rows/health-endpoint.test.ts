import { describe, expect, it } from 'vitest';
import type { HealthPoll } from '../../../src/evidence/lab/health-poll.ts';
import type { HealthRefusedHistory } from '../../../src/evidence/lab/health-refused.ts';
import {
  answer,
  at,
  dockerfile,
  failure,
  healthcheck,
  known,
  project,
  recordWire,
  service,
  stage,
  workload,
} from '../../support/evidence.ts';
import { baselineOf, callOf, labOf, launchOf, pollOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'health-endpoint';
const json = { 'content-type': 'application/json' };
const healthy = answer(200, '{"status":"healthy"}', json);
const missing = answer(404, 'not found');

function wireWith(
  outcome: ReturnType<typeof answer> | ReturnType<typeof failure>,
  options = {},
  path = '/health',
) {
  const recorder = recordWire();
  recorder.health(path, outcome, options);
  return recorder;
}

describe('health-endpoint: what answers', () => {
  it('passes for JSON without credentials, operational or degraded', () => {
    expect(judgeRow(row, { wire: wireWith(healthy).wire })).toMatchObject({
      verdict: 'partial',
      proof: 'observed',
    });
    const degraded = answer(503, '{"status":"degraded"}', json);
    expect(judgeRow(row, { wire: wireWith(degraded).wire }).verdict).toBe('partial');
    expect(judgeCriterion(row, 'open-path', { wire: wireWith(degraded).wire })).toMatchObject({
      finding: expect.stringContaining('whether it ever returns 200 is unknown'),
      sources: [{ id: 'x1' }],
    });
  });

  it.each([
    ['no path answers', missing],
    ['the path requires credentials', answer(401)],
    ['the response is a web page', answer(200, '<html>app</html>', { 'content-type': 'text/html' })],
    ['the response is an event stream', answer(200, 'data: 1', { 'content-type': 'text/event-stream' })],
    ['the response is another error', answer(500, '{}', json)],
  ])('fails when %s', (_, outcome) => {
    expect(judgeRow(row, { wire: wireWith(outcome).wire }).verdict).toBe('fail');
  });

  it('counts JSON as an extra, where a made-up path gets another response', () => {
    const judgeText = (control: ReturnType<typeof answer> | undefined, text = answer(200, 'OK')) => {
      const { wire, exchange } = wireWith(text);
      if (control) wire.health.control = { path: '/none', exchange: exchange(control) };
      const { verdict, criteria } = judgeRow(row, { wire });
      return [verdict, criteria.find(({ id }) => id === 'json')?.verdict];
    };
    for (const text of ['OK', '1', '"pong"', '']) {
      expect(judgeText(missing, answer(200, text, json))).toEqual(['partial', 'fail']);
    }
    expect(judgeText(missing, answer(503, 'degraded'))).toEqual(['partial', 'fail']);
    expect(judgeText(answer(200, 'Hello'))[0]).toBe('fail');
    expect(judgeText(answer(503, 'Busy'), answer(503, 'Busy now', json))[0]).toBe('unknown');
    expect(judgeText(undefined)[0]).toBe('unknown');
  });

  it('fails when the response exceeds the time limit', () => {
    const { wire } = wireWith(healthy, { durationMs: 1001 });
    expect(judgeCriterion(row, 'prompt', { wire }).verdict).toBe('fail');
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('recognises a catch-all route that returns HTML', () => {
    const { wire, exchange } = wireWith(answer(200, '<html>app</html>', { 'content-type': 'text/html' }));
    wire.health.control = {
      path: '/none',
      exchange: exchange(answer(200, '<html>app</html>', { 'content-type': 'text/html' }), { path: '/none' }),
    };
    expect(judgeCriterion(row, 'open-path', { wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('catch-all'),
    });
  });

  it('recognises a catch-all route that returns JSON', () => {
    const { wire, exchange } = wireWith(answer(200, '{"ok":true}', json));
    wire.health.control = { path: '/none', exchange: exchange(answer(200, '{"ok":true}', json)) };
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('recognises a catch-all route that repeats the path', () => {
    const { wire, exchange } = wireWith(answer(200, '{"page":"/health","request":1}', json));
    const judgeBeside = (body: string) => {
      wire.health.control = { path: '/none', exchange: exchange(answer(200, body, json)) };
      return judgeRow(row, { wire }).verdict;
    };
    expect(judgeBeside('{"request":2,"page":"/none"}')).toBe('fail');
    expect(judgeBeside('{"error":"There is no such page."}')).toBe('partial');
  });

  it('prefers a path that returns JSON', () => {
    const recorder = wireWith(answer(200, 'ok'), {}, '/healthz');
    recorder.wire.health.control = { path: '/none', exchange: recorder.exchange(missing) };
    recorder.health('/api/health', healthy);
    expect(judgeRow(row, { wire: recorder.wire }).verdict).toBe('partial');
    expect(judgeCriterion(row, 'json', { wire: recorder.wire }).finding).toContain('/api/health');
  });

  it('explains how to name another path', () => {
    const { wire } = wireWith(missing);
    const finding = () => judgeCriterion(row, 'open-path', { wire }).finding;
    expect(finding()).toContain('name it with --health-path');
    wire.health.named = true;
    expect(finding()).not.toContain('--health-path');
  });

  it('does not judge a path that timed out or was rate limited', () => {
    expect(judgeRow(row, { wire: wireWith(failure('timeout')).wire }).verdict).toBe('unknown');
    for (const status of [429, 502, 503, 504]) {
      const { wire, exchange } = wireWith(answer(status, '<html>', { 'content-type': 'text/html' }));
      expect(judgeRow(row, { wire }).verdict).toBe('unknown');
      wire.health.control = { path: '/none', exchange: exchange(answer(status, '<html>')) };
      expect(judgeRow(row, { wire }).verdict).toBe('unknown');
    }
  });

  it('counts /livez and /readyz only when they are named', () => {
    const recorder = wireWith(missing);
    recorder.health('/livez', healthy);
    expect(judgeCriterion(row, 'open-path', { wire: recorder.wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.not.stringContaining('/livez'),
    });
    const named = wireWith(healthy, {}, '/readyz');
    named.wire.health.named = true;
    expect(judgeRow(row, { wire: named.wire }).verdict).toBe('partial');
  });
});

describe('health-endpoint: polled paths', () => {
  const polling = (url: string) =>
    project({ dockerfiles: [dockerfile([stage('node:24', { healthcheck: healthcheck(url) })])] });

  function judgePolled(outcome: ReturnType<typeof answer> | ReturnType<typeof failure>) {
    const { wire, exchange } = wireWith(healthy);
    wire.health.polled.push({ path: '/up', exchange: exchange(outcome, { method: 'GET', path: '/up' }) });
    return judgeRow(row, { wire, project: polling('http://127.0.0.1:3000/up') });
  }

  it('fails, as a contradiction, when the polled path does not exist', () => {
    const result = judgePolled(missing);
    expect(result.verdict).toBe('fail');
    expect(result.contradictions).toEqual([
      'The health check at Dockerfile:20 polls /up: GET /up → 404 in 4 ms.',
    ]);
  });

  it('passes when the path exists, and does not judge a timeout', () => {
    expect(judgePolled(healthy).verdict).toBe('partial');
    expect(
      judgePolled(failure('timeout')).criteria.find(({ id }) => id === 'polled-path-exists')?.verdict,
    ).toBe('inconclusive');
    expect(judgePolled(answer(429)).criteria.find(({ id }) => id === 'polled-path-exists')?.verdict).toBe(
      'inconclusive',
    );
  });

  it('does not judge a path that the audit did not request', () => {
    const { wire, exchange } = wireWith(healthy);
    const judge = () =>
      judgeCriterion(row, 'polled-path-exists', {
        wire,
        project: polling('http://127.0.0.1:3000/up?full=1'),
      });
    expect(judge()).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /Dockerfile:20 polls \/up\?full=1\. Whether this path exists is unknown\. Without --lab/,
      ),
    });
    const limited = wireWith(healthy).wire;
    limited.omitted.push({ probe: 'health', reason: 'The server answered 429 without Retry-After.' });
    const files = polling('http://127.0.0.1:3000/up');
    expect(judgeCriterion(row, 'polled-path-exists', { wire: limited, project: files })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /polls \/up\. Whether this path exists is unknown\. The audit skipped this request\. The server answered 429/,
      ),
    });
    const request = { method: 'GET', path: '/up?full=1' };
    wire.health.polled.push({ path: '/up?full=1', exchange: exchange(healthy, request) });
    expect(judge().verdict).toBe('pass');
  });

  it('does not apply to a deployment that polls nothing, unless a part of it was not read', () => {
    const { wire } = wireWith(healthy);
    const unread = [{ file: 'chart/Chart.yaml', kind: 'Helm chart' }];
    const judge = (files?: ReturnType<typeof project>) =>
      ['polled-path-exists', 'ports-agree'].map(
        (criterion) => judgeCriterion(row, criterion, { wire, ...(files && { project: files }) }).verdict,
      );
    expect(judge(project())).toEqual(['not-applicable', 'not-applicable']);
    expect(judge(project({ services: [service()] }))).toEqual(['not-applicable', 'not-applicable']);
    expect(judge(project({ unread }))).toEqual(['inconclusive', 'inconclusive']);
    expect(judge()).toEqual(['inconclusive', 'inconclusive']);
  });

  it('fails when nothing polls the server', () => {
    const { wire } = wireWith(healthy);
    const judge = (files: ReturnType<typeof project>) =>
      judgeCriterion(row, 'polled', { wire, project: files }).verdict;
    const bare = [dockerfile([stage('node:24')])];
    expect(judge(polling('http://127.0.0.1/health'))).toBe('pass');
    expect(judge(project({ dockerfiles: bare }))).toBe('fail');
    expect(
      judge(
        project({ dockerfiles: bare, services: [service({ healthcheck: healthcheck('http://x/health') })] }),
      ),
    ).toBe('pass');
    expect(
      judge(project({ dockerfiles: bare, unread: [{ file: 'k8s.yaml', kind: 'Kubernetes manifest' }] })),
    ).toBe('inconclusive');
    expect(judge(project())).toBe('inconclusive');
  });

  it('fails when compose disables the health check of the image', () => {
    const off = { kind: 'none', command: 'NONE', urls: [], at: at('compose.yaml', 9) } as const;
    const files = project({
      dockerfiles: [dockerfile([stage('node:24', { healthcheck: healthcheck('http://x/health') })])],
      services: [service({ healthcheck: { ...off, urls: [] } })],
    });
    expect(judgeCriterion(row, 'polled', { project: files }).verdict).toBe('fail');
  });

  it('leaves the row unknown when only files were read', () => {
    expect(judgeRow(row, { project: polling('http://127.0.0.1:3000/health') }).verdict).toBe('unknown');
  });
});

describe('health-endpoint: platforms', () => {
  const probe = (url: string) => ({
    ...healthcheck(url),
    at: at('k8s/weather.yaml', 30),
    purpose: 'readiness' as const,
  });
  const image = dockerfile([stage('node:24', { healthcheck: healthcheck('http://localhost/image') })]);
  const polled = (differs: Parameters<typeof workload>[0]) =>
    judgeCriterion(row, 'polled', {
      project: project({ dockerfiles: [image], workloads: [workload(differs)] }),
    });

  it.each([
    ['kubernetes', 'fail'],
    ['fly', 'fail'],
    ['render', 'inconclusive'],
    ['ecs', 'inconclusive'],
    ['systemd', 'not-applicable'],
    ['procfile', 'not-applicable'],
    ['pm2', 'not-applicable'],
  ] as const)('on %s without a check, with one in the image: %s', (platform, verdict) => {
    expect(polled({ platform }).verdict).toBe(verdict);
  });

  it('passes for a check of the platform', () => {
    expect(polled({ healthchecks: [probe('http://127.0.0.1:3000/readyz')] })).toMatchObject({
      verdict: 'pass',
      sources: [at('k8s/weather.yaml', 30)],
    });
  });

  const judgeMissing = (ports: string[]) => {
    const { wire, exchange } = wireWith(healthy);
    wire.health.polled.push({ path: '/up', exchange: exchange(missing, { method: 'GET', path: '/up' }) });
    const files = project({
      workloads: [
        workload({
          healthchecks: [probe('http://127.0.0.1:8081/up')],
          ports: ports.map((port) => known(port)),
        }),
      ],
    });
    return judgeCriterion(row, 'polled-path-exists', { wire, project: files }).verdict;
  };

  it('fails for a missing path, unless another port may serve it', () => {
    expect(judgeMissing(['8081'])).toBe('fail');
    expect(judgeMissing([])).toBe('fail');
    expect(judgeMissing(['3000'])).toBe('inconclusive');
    expect(judgeMissing(['3000', '8081'])).toBe('inconclusive');
  });
});

describe('health-endpoint: ports-agree', () => {
  const withPort = { environment: [{ name: 'PORT', value: known('3000', 'compose.yaml', 6) }] };
  const judge = (differs: Parameters<typeof service>[0], ...dockerfiles: ReturnType<typeof dockerfile>[]) =>
    judgeCriterion(row, 'ports-agree', { project: project({ dockerfiles, services: [service(differs)] }) });
  const check = (port: number) =>
    healthcheck(`http://localhost:${port}/health`, { at: at('compose.yaml', 9) });

  it('passes when both name the same port', () => {
    expect(judge({ ...withPort, healthcheck: check(3000) }).verdict).toBe('pass');
    expect(judge({ ...withPort, ports: [{ target: '3000', published: '80' }] }).verdict).toBe('pass');
  });

  it('fails, as a contradiction, for a port that nothing else names', () => {
    expect(judge({ ...withPort, healthcheck: check(8080) })).toMatchObject({
      verdict: 'fail',
      finding:
        'The health check polls port 8080 (compose.yaml:9), but PORT is 3000 (compose.yaml:6). Nothing else names 8080.',
    });
    expect(judge({ ...withPort, ports: [{ target: '8080' }] }).verdict).toBe('fail');
    const image = dockerfile([
      stage('node:24', {
        variables: [{ name: 'PORT', value: known('3000'), instruction: 'ENV' }],
        healthcheck: check(8080),
      }),
    ]);
    expect(judge({}, image).verdict).toBe('fail');
  });

  it.each([
    ['PORT is not declared', { healthcheck: check(8080) }],
    ['no port is polled or published', withPort],
    [
      'the health check polls another host',
      { ...withPort, healthcheck: healthcheck('http://example.com:8080/') },
    ],
    [
      'a variable names it',
      {
        ...withPort,
        healthcheck: check(8080),
        environment: [...withPort.environment, { name: 'ADMIN_ADDR', value: known(':8080') }],
      },
    ],
    ['the command names it', { ...withPort, healthcheck: check(8080), command: 'serve --port=8080' }],
  ])('has nothing to judge when %s', (_, differs) => {
    expect(judge(differs).verdict).toBe('not-applicable');
  });

  it('allows a second port, unless the image declares its ports', () => {
    const ports = [{ target: '3000' }, { target: '9229' }];
    expect(judge({ ...withPort, ports }).verdict).toBe('pass');
    expect(judge({ ...withPort, ports, healthcheck: check(8080) }).verdict).toBe('pass');
    const image = dockerfile([stage('node:24', { exposes: [known('3000')] })]);
    expect(judge({ ...withPort, ports, healthcheck: check(8080) }, image).verdict).toBe('fail');
  });

  it('accepts a port that EXPOSE names', () => {
    const image = dockerfile([stage('node:24', { exposes: [known('8080/tcp')] })]);
    expect(judge({ ...withPort, healthcheck: check(8080) }, image).verdict).toBe('not-applicable');
  });
});

describe('health-endpoint in the lab', () => {
  const poll = (sentMs: number, status: number, differs: Partial<HealthPoll> = {}): HealthPoll => ({
    ...pollOf(status),
    sentMs,
    endedMs: sentMs + 10,
    lateMs: 0,
    ...differs,
  });
  const silent = (sentMs: number, tookMs = 3_000): HealthPoll =>
    poll(sentMs, 200, {
      endedMs: sentMs + tookMs,
      outcome: { kind: 'failure', reason: 'timeout', message: 'no answer within 3000 ms' },
    });
  const failedCall = callOf({
    sentMs: 4_500,
    endedMs: 4_600,
    outcome: { kind: 'result', isError: true, text: 'No weather' },
  });
  /** The upstream is down from 1000 to 21000 ms. */
  const history = (
    requests: HealthPoll[],
    differs: Partial<HealthRefusedHistory> = {},
  ): HealthRefusedHistory => ({
    launch: launchOf(),
    requests: [poll(900, 200), ...requests],
    calls: [failedCall],
    endedMs: 30_000,
    gateway: {
      ...quietGateway,
      faults: [
        { atMs: 0, fault: 'pass' },
        { atMs: 1_000, fault: 'refuse' },
        { atMs: 21_000, fault: 'pass' },
      ],
    },
    ...differs,
  });
  const good = history([poll(1_000, 200), poll(1_500, 503), poll(21_000, 503), poll(21_500, 200)]);
  const judge = (refused: HealthRefusedHistory, stalled: HealthRefusedHistory = good) =>
    judgeCriterion(row, 'degrades-and-recovers', {
      lab: labOf({
        'health-refused': { ran: true, history: refused },
        'health-stalled': { ran: true, history: stalled },
      }),
    });

  it('passes where the health path reports both outages and recovers', () => {
    const judged = judge(good);
    expect(judged).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding:
        'While the upstream refused connections, GET /health returned 503 after 0.5 s. It returned 200 again 0.5 s after the upstream was back. While the upstream stalled, GET /health returned 503 after 0.5 s. It returned 200 again 0.5 s after the upstream was back.',
    });
    expect(judged.sources).toHaveLength(8);
    const byCall = history([poll(4_000, 200), poll(5_000, 503), poll(21_500, 200)]);
    expect(judge(byCall).finding).toContain('returned 503 after 4.0 s and 1 call. It returned 200 again');
  });

  it('needs both faults for a pass, and one for a failure', () => {
    const one = (refused: HealthRefusedHistory) =>
      judgeCriterion(row, 'degrades-and-recovers', {
        lab: labOf({ 'health-refused': { ran: true, history: refused } }),
      }).verdict;
    expect(one(good)).toBe('inconclusive');
    expect(one(history([poll(1_000, 200), poll(5_000, 200), poll(21_000, 200)]))).toBe('fail');
  });

  it('fails where the health path always returns 200, or another error', () => {
    expect(judge(history([poll(1_000, 200), poll(5_000, 200), poll(21_000, 200)]))).toMatchObject({
      verdict: 'fail',
      finding:
        'While the upstream refused connections for 20.0 s, GET /health never returned 503: 200 (2 times). Meanwhile 1 call failed.',
    });
    expect(judge(history([poll(1_000, 500), poll(5_000, 500), poll(21_000, 200)])).verdict).toBe('fail');
  });

  it('fails where the health path does not recover', () => {
    expect(judge(history([poll(1_500, 503), poll(21_000, 503), poll(29_000, 503)])).finding).toContain(
      'It did not return to 200 within 9.0 s after the upstream was back: 503 (2 times).',
    );
  });

  it('fails where the health path waits for the upstream, even if it returns 503 later', () => {
    const hanging = judge(good, history([silent(1_000), silent(4_000), poll(7_000, 503), poll(21_000, 200)]));
    expect(hanging).toMatchObject({
      verdict: 'fail',
      finding:
        'While the upstream stalled, 2 of 3 polls of /health exceeded the limit of 1 s. The longest took 3.0 s without a response.',
    });
    expect(judge(history([silent(1_000), poll(4_000, 503), poll(21_000, 200)])).verdict).toBe('fail');
    const slowly = [1_000, 3_000, 5_000].map((sentMs) => poll(sentMs, 503, { endedMs: sentMs + 1_500 }));
    expect(judge(history([...slowly, poll(21_000, 200)])).finding).toContain(
      '3 of 3 polls of /health exceeded the limit of 1 s. The longest took 1.5 s.',
    );
  });

  it('does not count a delay of the machine', () => {
    const slow = poll(1_500, 503, { endedMs: 3_000 });
    expect(judge(history([slow, poll(21_000, 200)])).verdict).toBe('pass');
    const ownDelay = [1_500, 4_500].map((sentMs) => ({ ...silent(sentMs), lateMs: 2_500 }));
    expect(judge(history([...ownDelay, poll(8_000, 503), poll(21_000, 200)])).verdict).toBe('pass');
    // The server is always this slow.
    const always = [poll(1_500, 503, { endedMs: 3_000 }), poll(21_000, 200, { endedMs: 22_400 })];
    expect(judge(history([poll(1_000, 200, { endedMs: 2_400 }), ...always])).verdict).toBe('pass');
  });

  it.each([
    ['was never healthy', history([], { gateway: quietGateway }), /^While the upstream worked, .*"upstream"/],
    [
      'was rate limited',
      history([poll(1_000, 200), poll(1_500, 429), poll(21_000, 200)]),
      /Exempt the health path from the rate limit\.$/,
    ],
    ['was rate limited afterwards', history([poll(1_500, 503), poll(21_000, 429)]), /429 \(once\)/],
    [
      'had calls that still succeeded',
      history([poll(1_000, 200), poll(21_000, 200)], { calls: [callOf({ sentMs: 4_500, endedMs: 4_600 })] }),
      /1 of 1 calls still succeeded\./,
    ],
    ['received no call', history([poll(1_000, 200), poll(21_000, 200)], { calls: [] }), /"patienceMs"/],
  ])('does not judge a server that %s', (_, evidence, reason) => {
    expect(judge(evidence)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
  });

  const polled = (upstream: number, tookMs = 2_000, status = 200) =>
    judgeCriterion(row, 'gentle', {
      lab: labOf({
        'health-polling': {
          ran: true,
          history: {
            launch: launchOf(),
            requests: Array.from({ length: 20 }, (_, n) => poll(1_000 + (n * tookMs) / 20, status)),
            gateway: {
              ...quietGateway,
              requests: Array.from({ length: upstream }, (_, n) => ({
                atMs: 1_001 + n,
                scheme: 'https' as const,
                method: 'GET',
                host: 'api.weather.test',
                path: '/v1/current',
                fault: 'pass' as const,
                canaries: [],
                outcome: { kind: 'answered' as const, afterMs: 3, status: 200, by: 'canned' as const },
              })),
            },
          },
        },
      }),
    });

  it('limits the upstream requests for many polls', () => {
    expect(polled(0)).toMatchObject({
      verdict: 'pass',
      finding: '20 polls of /health in 1.9 s caused no upstream request; the limit is 10.',
    });
    expect(polled(3).verdict).toBe('pass');
    expect(polled(20)).toMatchObject({
      verdict: 'fail',
      kind: 'extra',
      finding:
        '20 polls of /health in 1.9 s caused 20 upstream requests; the limit is 10. Anyone can poll it without credentials and use up your upstream quota.',
    });
    expect(polled(60).finding).toContain('caused 60 upstream requests; the limit is 10.');
  });

  it('does not judge slow polls, or polls without a response', () => {
    expect(polled(15, 15_000).verdict).toBe('inconclusive');
    expect(polled(60, 15_000).verdict).toBe('fail');
    expect(polled(0, 2_000, 429).verdict).toBe('inconclusive');
  });
});

describe('health-endpoint: prompt, in the lab', () => {
  const judge = (tookMs: number, observedMs = 1_500) => {
    const { wire, health } = recordWire();
    health('/health', answer(200, '{"status":"ok"}'), { durationMs: observedMs });
    const poll = pollOf(200, { sentMs: 400, endedMs: 400 + tookMs });
    const lab = labOf({}, { ownWire: true, baseline: baselineOf({ health: [poll, poll] }) });
    return judgeCriterion('health-endpoint', 'prompt', { wire, lab });
  };

  it('judges a poll that ran alone', () => {
    expect(judge(12)).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(judge(1_200)).toMatchObject({ verdict: 'fail', proof: 'proven' });
  });

  it('does not judge a path that was not found to be a health path', () => {
    const paths = ['/status', '/ping'].map((path) => pollOf(200, { path }));
    const lab = labOf({}, { baseline: baselineOf({ health: paths }) });
    expect(judgeCriterion('health-endpoint', 'prompt', { lab }).verdict).toBe('inconclusive');
  });

  it('does not judge a poll that ran next to other instances', () => {
    const { wire, health } = recordWire();
    health('/health', answer(200, '{"status":"ok"}'), { durationMs: 1_500 });
    const lab = labOf({}, { ownWire: true, baseline: baselineOf({ health: [] }) });
    expect(judgeCriterion('health-endpoint', 'prompt', { wire, lab }).verdict).toBe('inconclusive');
    expect(judgeCriterion('health-endpoint', 'prompt', { wire }).verdict).toBe('fail');
  });
});
