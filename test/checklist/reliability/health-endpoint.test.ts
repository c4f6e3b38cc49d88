import { describe, expect, it } from 'vitest';
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
