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
      verdict: 'pass',
      proof: 'observed',
    });
    const degraded = answer(503, '{"status":"degraded"}', json);
    expect(judgeRow(row, { wire: wireWith(degraded).wire }).verdict).toBe('pass');
    expect(judgeCriterion(row, 'open-path', { wire: wireWith(degraded).wire })).toMatchObject({
      finding: expect.stringContaining('whether it ever says 200 was not seen'),
      sources: [{ id: 'x1' }],
    });
  });

  it.each([
    ['no path answers', missing],
    ['it wants credentials', answer(401)],
    ['it is plain text', answer(200, 'OK', { 'content-type': 'text/plain' })],
    ['it is a number, which is JSON but says nothing', answer(200, '1', json)],
    ['it is an error of another kind', answer(500, '{}', json)],
  ])('fails when %s', (_, outcome) => {
    expect(judgeRow(row, { wire: wireWith(outcome).wire }).verdict).toBe('fail');
  });

  it('fails when it takes longer than a poll is given', () => {
    const { wire } = wireWith(healthy, { durationMs: 1001 });
    expect(judgeCriterion(row, 'prompt', { wire }).verdict).toBe('fail');
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('is not fooled by a server that answers any path', () => {
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

  it('is not fooled by JSON that any path gets', () => {
    const { wire, exchange } = wireWith(answer(200, '{"ok":true}', json));
    wire.health.control = { path: '/none', exchange: exchange(answer(200, '{"ok":true}', json)) };
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('is not fooled by JSON that tells any path its name', () => {
    const { wire, exchange } = wireWith(answer(200, '{"page":"/health","request":1}', json));
    const judgeBeside = (body: string) => {
      wire.health.control = { path: '/none', exchange: exchange(answer(200, body, json)) };
      return judgeRow(row, { wire }).verdict;
    };
    expect(judgeBeside('{"request":2,"page":"/none"}')).toBe('fail');
    expect(judgeBeside('{"error":"There is no such page."}')).toBe('pass');
  });

  it('judges the path that speaks JSON, when one before it answers without', () => {
    const recorder = wireWith(answer(200, 'ok'), {}, '/healthz');
    recorder.health('/api/health', healthy);
    expect(judgeRow(row, { wire: recorder.wire }).verdict).toBe('pass');
    expect(judgeCriterion(row, 'json', { wire: recorder.wire }).finding).toContain('/api/health');
  });

  it('says how to name a path that it did not think of', () => {
    const { wire } = wireWith(missing);
    const finding = () => judgeCriterion(row, 'open-path', { wire }).finding;
    expect(finding()).toContain('name it with --health-path');
    wire.health.named = true;
    expect(finding()).not.toContain('--health-path');
  });

  it('claims nothing of a path that stayed silent or asked to slow down', () => {
    expect(judgeRow(row, { wire: wireWith(failure('timeout')).wire }).verdict).toBe('unknown');
    for (const status of [429, 502, 503, 504]) {
      const { wire, exchange } = wireWith(answer(status, '<html>', { 'content-type': 'text/html' }));
      expect(judgeRow(row, { wire }).verdict).toBe('unknown');
      wire.health.control = { path: '/none', exchange: exchange(answer(status, '<html>')) };
      expect(judgeRow(row, { wire }).verdict).toBe('unknown');
    }
  });

  it('takes /livez and /readyz for what they are, unless one is named', () => {
    const recorder = wireWith(missing);
    recorder.health('/livez', healthy);
    expect(judgeCriterion(row, 'open-path', { wire: recorder.wire })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('/livez answered'),
    });
    const named = wireWith(healthy, {}, '/readyz');
    named.wire.health.named = true;
    expect(judgeRow(row, { wire: named.wire }).verdict).toBe('pass');
  });
});

describe('health-endpoint: what is polled', () => {
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

  it('passes when it exists, and claims nothing when it stays silent', () => {
    expect(judgePolled(healthy).verdict).toBe('pass');
    expect(
      judgePolled(failure('timeout')).criteria.find(({ id }) => id === 'polled-path-exists')?.verdict,
    ).toBe('inconclusive');
    expect(judgePolled(answer(429)).criteria.find(({ id }) => id === 'polled-path-exists')?.verdict).toBe(
      'inconclusive',
    );
  });

  it('claims nothing where a path was not requested', () => {
    const { wire, exchange } = wireWith(healthy);
    const judge = () =>
      judgeCriterion(row, 'polled-path-exists', {
        wire,
        project: polling('http://127.0.0.1:3000/up?full=1'),
      });
    expect(judge()).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /Dockerfile:20 polls \/up\?full=1, which was not requested\. .*without --lab requests plain ones only/,
      ),
    });
    const limited = wireWith(healthy).wire;
    limited.omitted.push({ probe: 'health', reason: 'The server answered 429 without Retry-After.' });
    const files = polling('http://127.0.0.1:3000/up');
    expect(judgeCriterion(row, 'polled-path-exists', { wire: limited, project: files })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /polls \/up, which was not requested\. Not sent: The server answered 429/,
      ),
    });
    const request = { method: 'GET', path: '/up?full=1' };
    wire.health.polled.push({ path: '/up?full=1', exchange: exchange(healthy, request) });
    expect(judge().verdict).toBe('pass');
  });

  it('costs points when nothing polls it', () => {
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

  it('costs points when compose switches off what the image brings', () => {
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

describe('health-endpoint: what platforms poll', () => {
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
  ] as const)('on %s without a check, whatever the image brings: %s', (platform, verdict) => {
    expect(polled({ platform }).verdict).toBe(verdict);
  });

  it('passes for a check of the platform’s own', () => {
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

  it('holds a missing path against the server, unless another port may have it', () => {
    expect(judgeMissing(['8081'])).toBe('fail');
    expect(judgeMissing([])).toBe('fail');
    expect(judgeMissing(['3000'])).toBe('inconclusive');
    expect(judgeMissing(['3000', '8081'])).toBe('inconclusive');
  });
});

describe('health-endpoint: ports-agree', () => {
  const told = { environment: [{ name: 'PORT', value: known('3000', 'compose.yaml', 6) }] };
  const judge = (differs: Parameters<typeof service>[0], ...dockerfiles: ReturnType<typeof dockerfile>[]) =>
    judgeCriterion(row, 'ports-agree', { project: project({ dockerfiles, services: [service(differs)] }) });
  const check = (port: number) =>
    healthcheck(`http://localhost:${port}/health`, { at: at('compose.yaml', 9) });

  it('passes when both name the same port', () => {
    expect(judge({ ...told, healthcheck: check(3000) }).verdict).toBe('pass');
    expect(judge({ ...told, ports: [{ target: '3000', published: '80' }] }).verdict).toBe('pass');
  });

  it('fails, as a contradiction, for a port that nothing else names', () => {
    expect(judge({ ...told, healthcheck: check(8080) })).toMatchObject({
      verdict: 'fail',
      finding:
        'The health check asks port 8080 (compose.yaml:9), but PORT is 3000 (compose.yaml:6), and nothing else names 8080.',
    });
    expect(judge({ ...told, ports: [{ target: '8080' }] }).verdict).toBe('fail');
    const image = dockerfile([
      stage('node:24', {
        variables: [{ name: 'PORT', value: known('3000'), instruction: 'ENV' }],
        healthcheck: check(8080),
      }),
    ]);
    expect(judge({}, image).verdict).toBe('fail');
  });

  it.each([
    ['the port is told nowhere', { healthcheck: check(8080) }],
    ['nothing asks for a port', told],
    ['the port is asked of another host', { ...told, healthcheck: healthcheck('http://example.com:8080/') }],
    [
      'a variable names it',
      {
        ...told,
        healthcheck: check(8080),
        environment: [...told.environment, { name: 'ADMIN_ADDR', value: known(':8080') }],
      },
    ],
    ['the command names it', { ...told, healthcheck: check(8080), command: 'serve --port=8080' }],
  ])('has nothing to judge when %s', (_, differs) => {
    expect(judge(differs).verdict).toBe('not-applicable');
  });

  it('leaves a port beside the right one alone, unless the image says where it listens', () => {
    const ports = [{ target: '3000' }, { target: '9229' }];
    expect(judge({ ...told, ports }).verdict).toBe('pass');
    expect(judge({ ...told, ports, healthcheck: check(8080) }).verdict).toBe('pass');
    const image = dockerfile([stage('node:24', { exposes: [known('3000')] })]);
    expect(judge({ ...told, ports, healthcheck: check(8080) }, image).verdict).toBe('fail');
  });

  it('believes EXPOSE', () => {
    const image = dockerfile([stage('node:24', { exposes: [known('8080/tcp')] })]);
    expect(judge({ ...told, healthcheck: check(8080) }, image).verdict).toBe('not-applicable');
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
  /** Away from 1000 to 21000. */
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

  it('passes where it followed both faults down and up again', () => {
    const judged = judge(good);
    expect(judged).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding:
        'While the upstream refused connections, GET /health → 503 after 0.5 s, and 200 again 0.5 s after it was back. While the upstream took requests and did not answer, GET /health → 503 after 0.5 s, and 200 again 0.5 s after it was back.',
    });
    expect(judged.sources).toHaveLength(8);
    const byCall = history([poll(4_000, 200), poll(5_000, 503), poll(21_500, 200)]);
    expect(judge(byCall).finding).toContain('→ 503 after 4.0 s and 1 call, and 200 again');
  });

  it('needs both faults for a pass, and one for a failure', () => {
    const one = (refused: HealthRefusedHistory) =>
      judgeCriterion(row, 'degrades-and-recovers', {
        lab: labOf({ 'health-refused': { ran: true, history: refused } }),
      }).verdict;
    expect(one(good)).toBe('inconclusive');
    expect(one(history([poll(1_000, 200), poll(5_000, 200), poll(21_000, 200)]))).toBe('fail');
  });

  it('fails for a health that says 200 whatever happens, or something that is not 503', () => {
    expect(judge(history([poll(1_000, 200), poll(5_000, 200), poll(21_000, 200)]))).toMatchObject({
      verdict: 'fail',
      finding:
        'While the upstream refused connections, GET /health never said 503 in 20.0 s: 200 (2 times); 1 call failed meanwhile.',
    });
    expect(judge(history([poll(1_000, 500), poll(5_000, 500), poll(21_000, 200)])).verdict).toBe('fail');
  });

  it('fails for one that never recovers', () => {
    expect(judge(history([poll(1_500, 503), poll(21_000, 503), poll(29_000, 503)])).finding).toContain(
      'but not 200 again within 9.0 s of its return: 503 (2 times).',
    );
  });

  it('fails for one that hangs with its upstream, even if it says 503 in the end', () => {
    const hanging = judge(good, history([silent(1_000), silent(4_000), poll(7_000, 503), poll(21_000, 200)]));
    expect(hanging).toMatchObject({
      verdict: 'fail',
      finding:
        'While the upstream took requests and did not answer, GET /health took longer than a second: 2 of 3 polls, the longest 3.0 s without an answer.',
    });
    expect(judge(history([silent(1_000), poll(4_000, 503), poll(21_000, 200)])).verdict).toBe('fail');
    const slowly = [1_000, 3_000, 5_000].map((sentMs) => poll(sentMs, 503, { endedMs: sentMs + 1_500 }));
    expect(judge(history([...slowly, poll(21_000, 200)])).finding).toContain(
      'took longer than a second: 3 of 3 polls, the longest 1.5 s.',
    );
  });

  it('takes no delay of a loaded machine for a health that hangs', () => {
    const slow = poll(1_500, 503, { endedMs: 3_000 });
    expect(judge(history([slow, poll(21_000, 200)])).verdict).toBe('pass');
    const ownDelay = [1_500, 4_500].map((sentMs) => ({ ...silent(sentMs), lateMs: 2_500 }));
    expect(judge(history([...ownDelay, poll(8_000, 503), poll(21_000, 200)])).verdict).toBe('pass');
    // On a good day it takes as long.
    const always = [poll(1_500, 503, { endedMs: 3_000 }), poll(21_000, 200, { endedMs: 22_400 })];
    expect(judge(history([poll(1_000, 200, { endedMs: 2_400 }), ...always])).verdict).toBe('pass');
  });

  it.each([
    ['was never well', history([], { gateway: quietGateway }), /^While all was well .*"upstream"/],
    ['was limited', history([poll(1_000, 200), poll(1_500, 429), poll(21_000, 200)]), /without a limit\.$/],
    ['was limited afterwards', history([poll(1_500, 503), poll(21_000, 429)]), /429 \(once\)/],
    [
      'had calls that were served all the same',
      history([poll(1_000, 200), poll(21_000, 200)], { calls: [callOf({ sentMs: 4_500, endedMs: 4_600 })] }),
      /1 of 1 calls had their results/,
    ],
    [
      'had no call to notice it by',
      history([poll(1_000, 200), poll(21_000, 200)], { calls: [] }),
      /"patienceMs"/,
    ],
  ])('does not judge one that %s', (_, seen, reason) => {
    expect(judge(seen)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
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

  it('wants few upstream requests for many polls', () => {
    expect(polled(0)).toMatchObject({
      verdict: 'pass',
      finding: '20 polls of /health in 1.9 s made no upstream request.',
    });
    expect(polled(3).verdict).toBe('pass');
    expect(polled(20)).toMatchObject({
      verdict: 'fail',
      kind: 'extra',
      finding:
        '20 polls of /health in 1.9 s made 20 upstream requests: whoever polls it spends your quota, without a credential.',
    });
    expect(polled(60).finding).toContain('each poll is multiplied');
  });

  it('does not judge polls that were spread over a long time, or not answered', () => {
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
    const lab = labOf({}, { ownWire: true, baseline: baselineOf({ health: [poll] }) });
    return judgeCriterion('health-endpoint', 'prompt', { wire, lab });
  };

  it('is judged by a poll that was made when nothing else ran', () => {
    expect(judge(12)).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(judge(1_200)).toMatchObject({ verdict: 'fail', proof: 'proven' });
  });

  it('is not judged by one that came beside many launches', () => {
    const { wire, health } = recordWire();
    health('/health', answer(200, '{"status":"ok"}'), { durationMs: 1_500 });
    const lab = labOf({}, { ownWire: true, baseline: baselineOf({ health: [] }) });
    expect(judgeCriterion('health-endpoint', 'prompt', { wire, lab }).verdict).toBe('inconclusive');
    expect(judgeCriterion('health-endpoint', 'prompt', { wire }).verdict).toBe('fail');
  });
});
