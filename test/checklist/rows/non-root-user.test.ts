import { describe, expect, it } from 'vitest';
import type { DockerStage } from '../../../src/evidence/docker.ts';
import type { LaunchFacts } from '../../../src/evidence/lab/launch.ts';
import type { UnprivilegedUserHistory } from '../../../src/evidence/lab/unprivileged-user.ts';
import { dockerfile, known, notKnown, project, service, stage, workload } from '../../support/evidence.ts';
import { callOf, labOf, launchOf, listener, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const imageUser = (stages: Parameters<typeof dockerfile>[0]) =>
  judgeCriterion('non-root-user', 'image-user', { project: project({ dockerfiles: [dockerfile(stages)] }) });

describe('non-root-user: image-user', () => {
  it.each([
    ['a named user', [stage('node:24-slim', { user: known('node') })]],
    ['a uid with root’s group, as OpenShift has it', [stage('python:3.13', { user: known('1001:0') })]],
    [
      'the user of the stage it builds on',
      [stage('node:24', { user: known('node') }), stage('base', { baseStage: 0 })],
    ],
    ['a base that says it is unprivileged', [stage('gcr.io/distroless/nodejs24:nonroot')]],
  ])('passes for %s', (_, stages) => {
    expect(imageUser(stages)).toMatchObject({ verdict: 'pass', proof: 'declared' });
  });

  it.each([
    ['root by name', [stage('node:24-slim', { user: known('root') })]],
    ['root by number', [stage('node:24-slim', { user: known('0:0') })]],
    ['no USER on an official image', [stage('docker.io/library/node:24-slim@sha256:0123')]],
    ['a USER in another stage only', [stage('node:24', { user: known('node') }), stage('node:24-slim')]],
    ['no USER on scratch', [stage('golang:1.25'), stage('scratch')]],
  ])('fails for %s', (_, stages) => {
    expect(imageUser(stages)).toMatchObject({ verdict: 'fail' });
  });

  it.each([
    [
      'a base image whose user is unknown',
      [stage('registry.example/base:1')],
      /The user of its base image .* is unknown/,
    ],
    [
      'a USER from a build argument without default',
      [stage('node:24', { user: notKnown('${APP_USER}', 'APP_USER has no default') })],
      /APP_USER has no default/,
    ],
    [
      'a base from a build argument',
      [{ ...stage(''), base: notKnown('${BASE}', 'BASE has no default') }],
      /BASE has no default/,
    ],
  ])('does not judge %s', (_, stages, reason) => {
    expect(imageUser(stages)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    ['gcr.io/distroless/base-debian12', 'fail'],
    ['gcr.io/distroless/base-debian12:debug', 'fail'],
    ['gcr.io/distroless/base-debian12:debug-nonroot', 'pass'],
    ['gcr.io/distroless/base-debian12@sha256:0123', 'inconclusive'],
    ['gcr.io/distroless/base-debian12:nonroot@sha256:0123', 'pass'],
    ['cgr.dev/chainguard/static:latest', 'pass'],
    ['cgr.dev/chainguard/node:latest-dev', 'pass'],
    ['cgr.dev/chainguard/wolfi-base:latest', 'inconclusive'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.6', 'fail'],
    ['registry.access.redhat.com/ubi9/nodejs-22:1', 'pass'],
    ['registry.access.redhat.com/ubi9/nginx-124', 'inconclusive'],
    ['mcr.microsoft.com/dotnet/aspnet:9.0', 'fail'],
    ['mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled', 'pass'],
    ['mcr.microsoft.com/windows/servercore:ltsc2022', 'inconclusive'],
    ['public.ecr.aws/docker/library/node:24-slim', 'fail'],
    ['mirror.gcr.io/library/python:3.13', 'fail'],
    ['ghcr.io/astral-sh/uv:python3.13-bookworm-slim', 'fail'],
    ['bitnami/node:24', 'inconclusive'],
  ])('without USER on %s: %s', (base, verdict) => {
    expect(imageUser([stage(base)]).verdict).toBe(verdict);
  });

  it.each([
    [
      '$APP_UID on a .NET image',
      'mcr.microsoft.com/dotnet/aspnet:9.0',
      notKnown('$APP_UID', 'not set'),
      'pass',
    ],
    ['$APP_UID elsewhere', 'node:24', notKnown('$APP_UID', 'not set'), 'inconclusive'],
    ['the administrator of a Windows container', 'windows', known('ContainerAdministrator'), 'fail'],
    ['the user of a Windows container', 'windows', known('ContainerUser'), 'pass'],
  ])('knows %s', (_, base, user, verdict) => {
    expect(imageUser([stage(base, { user })]).verdict).toBe(verdict);
  });

  const starting = (words: string[], script?: DockerStage['startScript']) =>
    imageUser([
      stage('node:24', {
        user: known('root'),
        command: { instruction: 'ENTRYPOINT', form: 'exec', words, at: { file: 'Dockerfile', line: 9 } },
        ...(script ? { startScript: script } : {}),
      }),
    ]);

  it.each([
    ['gosu in the command', ['gosu', 'node', 'node', 'a.js'], undefined, /gosu \(Dockerfile:9\) may change/],
    ['a supervisor', ['/usr/bin/supervisord', '-n'], undefined, /supervisord/],
    ['an init that knows users', ['/init'], undefined, /\/init/],
    [
      'a script that changes it',
      ['run.sh'],
      {
        name: 'run.sh',
        file: 'run.sh',
        changesUser: { program: 'su-exec', at: { file: 'run.sh', line: 3 } },
      },
      /su-exec \(run.sh:3\) may change/,
    ],
    [
      'a script that is not here',
      ['/entrypoint.sh'],
      { name: '/entrypoint.sh' },
      /the audit did not find it/,
    ],
  ])('does not call an image root whose user changes at start: %s', (_, words, script, reason) => {
    expect(starting(words, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(reason),
    });
  });

  it('calls it root when it starts as it is', () => {
    expect(starting(['node', 'a.js']).verdict).toBe('fail');
    expect(starting(['./run.sh'], { name: './run.sh', file: 'run.sh' }).verdict).toBe('fail');
  });

  it('does not judge a project without Dockerfile', () => {
    expect(judgeRow('non-root-user', { project: project() }).verdict).toBe('unknown');
    const judged = (transport: 'http' | 'stdio') =>
      judgeCriterion('non-root-user', 'image-user', {
        project: project(),
        lab: labOf({}, { transport }),
      }).verdict;
    expect(judged('http')).toBe('inconclusive');
    // The client starts it, as its own user.
    expect(judged('stdio')).toBe('not-applicable');
  });

  it('judges the image that compose builds, and its target stage', () => {
    const stages = [
      stage('node:24', { name: 'base' }),
      stage('node:24-slim', { name: 'prod', user: known('node') }),
    ];
    const judge = (target: string) =>
      judgeRow('non-root-user', {
        project: project({
          dockerfiles: [dockerfile(stages)],
          services: [service({ build: { context: '.', dockerfile: 'Dockerfile', target } })],
        }),
      }).criteria[0]?.verdict;
    expect([judge('prod'), judge('base')]).toEqual(['pass', 'fail']);
  });

  it('judges what compose makes of it by its arguments', () => {
    const args = [{ name: 'APP_USER', value: 'root' }];
    const file = dockerfile([stage('node:24', { user: known('node') })], {
      builds: [{ args, stages: [stage('node:24', { user: known('root') })] }],
    });
    const judge = (build: { args?: typeof args }) =>
      judgeRow('non-root-user', {
        project: project({
          dockerfiles: [file],
          services: [service({ build: { context: '.', dockerfile: 'Dockerfile', ...build } })],
        }),
      }).criteria[0]?.verdict;
    expect([judge({}), judge({ args })]).toEqual(['pass', 'fail']);
  });

  it('leaves a development Dockerfile beside the real one alone', () => {
    const dockerfiles = [
      dockerfile([stage('node:24')], { file: 'Dockerfile.dev' }),
      dockerfile([stage('node:24', { user: known('node') })]),
    ];
    expect(judgeRow('non-root-user', { project: project({ dockerfiles }) }).verdict).toBe('partial');
  });
});

describe('non-root-user: the deployment', () => {
  const image = dockerfile([stage('node:24', { user: known('node') })]);

  it('reports a contradiction when compose overrides an unprivileged image with root', () => {
    const result = judgeRow('non-root-user', {
      project: project({
        dockerfiles: [image],
        services: [service({ user: known('root', 'compose.yaml', 5) })],
      }),
    });
    expect(result.verdict).toBe('fail');
    expect(result.contradictions).toEqual([
      'Service weather sets user root (compose.yaml:5). This overrides the user of the image.',
    ]);
  });

  it('counts the user that compose sets over an image of root', () => {
    const judge = (user: string) =>
      judgeRow('non-root-user', {
        project: project({
          dockerfiles: [dockerfile([stage('node:24')])],
          services: [service({ user: known(user, 'compose.yaml', 5) })],
        }),
      }).criteria.find(({ id }) => id === 'image-user');
    expect(judge('1000:1000')).toMatchObject({
      verdict: 'pass',
      finding: 'Service weather runs the image as user 1000:1000 (compose.yaml:5).',
    });
    expect(judge('0')).toMatchObject({ verdict: 'fail' });
  });

  it('costs points when privileges can be gained', () => {
    const judge = (differs: Parameters<typeof service>[0]) =>
      judgeRow('non-root-user', { project: project({ dockerfiles: [image], services: [service(differs)] }) });
    expect(judge({ capDrop: ['ALL'], noNewPrivileges: true })).toMatchObject({
      verdict: 'partial',
      points: { earned: 5 },
    });
    expect(judge({})).toMatchObject({ verdict: 'partial', points: { earned: 3 } });
  });
});

describe('non-root-user: platforms', () => {
  const rootImage = dockerfile([stage('node:24')]);
  const image = dockerfile([stage('node:24', { user: known('node') })]);
  const judge = (differs: Parameters<typeof workload>[0], ...dockerfiles: ReturnType<typeof dockerfile>[]) =>
    judgeRow('non-root-user', { project: project({ dockerfiles, workloads: [workload(differs)] }) });
  const yes = { known: true, value: true, at: { file: 'k8s/weather.yaml', line: 20 } } as const;
  const hardened = { capDrop: ['ALL'], noNewPrivileges: yes };

  it.each([
    ['the image’s user, when Kubernetes names none', {}, image, 'partial'],
    ['root, when neither names one', {}, rootImage, 'fail'],
    ['runAsUser over an image of root', { user: known('1000') }, rootImage, 'partial'],
    ['runAsUser 0 over an image that is not root', { user: known('0') }, image, 'fail'],
    ['runAsNonRoot with such an image', { nonRoot: yes }, image, 'partial'],
    ['an ECS user', { platform: 'ecs', user: known('1000') }, rootImage, 'partial'],
    ['an ECS task without one', { platform: 'ecs' }, rootImage, 'fail'],
    ['the image that Fly runs', { platform: 'fly' }, rootImage, 'fail'],
    ['the image that Render builds', { platform: 'render', dockerfile: 'Dockerfile' }, image, 'partial'],
    ['a user that a template fills in', { user: notKnown('${UID}', 'it is filled in') }, image, 'unknown'],
  ] as const)('%s', (_, differs, dockerfileOf, verdict) => {
    expect(judge({ ...hardened, ...differs }, dockerfileOf).verdict).toBe(verdict);
  });

  it('needs no Dockerfile where Kubernetes refuses root', () => {
    expect(judge({ ...hardened, nonRoot: yes }).verdict).toBe('partial');
    expect(judge(hardened).verdict).toBe('unknown');
  });

  it.each([
    [
      'runAsUser: 0',
      { user: known('0', 'k8s/weather.yaml', 7) },
      image,
      /sets user 0 \(k8s\/weather\.yaml:7\)/,
    ],
    [
      'runAsNonRoot over an image of root',
      { nonRoot: yes },
      rootImage,
      /refuses to start as root .* Its image cannot start under this setting\. .*runs as root/,
    ],
  ])('calls %s a contradiction', (_, differs, dockerfileOf, finding) => {
    const result = judge(differs, dockerfileOf);
    expect(result.verdict).toBe('fail');
    expect(result.contradictions).toEqual([expect.stringMatching(finding)]);
  });

  it.each([
    ['User=weather', { user: known('weather') }, 'pass'],
    ['DynamicUser=yes', { nonRoot: yes }, 'pass'],
    ['nothing', {}, 'fail'],
    ['User=root', { user: known('root') }, 'fail'],
    ['User=%i', { user: notKnown('%i', 'systemd fills it in') }, 'inconclusive'],
    ['a user’s own manager', { kind: 'user service' }, 'inconclusive'],
    ['docker run', { command: known('/usr/bin/docker run weather') }, 'not-applicable'],
  ] as const)('judges a systemd unit with %s', (_, differs, verdict) => {
    expect(judge({ platform: 'systemd', ...differs }).criteria[0]?.verdict).toBe(verdict);
  });

  it('claims nothing where a unit and the image beside it differ', () => {
    expect(judge({ platform: 'systemd', nonRoot: yes }, rootImage).criteria[0]?.verdict).toBe('inconclusive');
    expect(judge({ platform: 'systemd', nonRoot: yes }, image).criteria[0]?.verdict).toBe('pass');
  });

  it.each([
    ['kubernetes', { capDrop: ['ALL'], noNewPrivileges: yes }, 'pass'],
    ['kubernetes', { capDrop: ['NET_RAW'], noNewPrivileges: yes }, 'fail'],
    ['kubernetes', { capDrop: ['ALL'] }, 'fail'],
    ['kubernetes', { capDrop: ['ALL'], noNewPrivileges: yes, privileged: yes }, 'fail'],
    ['systemd', { noNewPrivileges: yes }, 'pass'],
    ['systemd', {}, 'fail'],
    ['ecs', { capDrop: ['ALL'], noNewPrivileges: yes }, 'pass'],
    ['ecs', { capDrop: ['ALL'] }, 'inconclusive'],
    ['ecs', { privileged: yes }, 'fail'],
    ['fly', {}, 'not-applicable'],
  ] as const)('privileges on %s with %j: %s', (platform, differs, verdict) => {
    const { criteria } = judge({
      platform,
      ...differs,
      capDrop: [...('capDrop' in differs ? differs.capDrop : [])],
    });
    expect(criteria.find(({ id }) => id === 'no-privilege-escalation')?.verdict).toBe(verdict);
  });
});

describe('non-root-user: process-user', () => {
  const listening = (uid: number | null): Partial<LaunchFacts> => ({
    outcome: {
      kind: 'listening',
      afterMs: 300,
      port: 21_000,
      portIgnored: false,
      listener: { ...listener, uid },
    },
  });
  const printing = (text: string): LaunchFacts =>
    launchOf({
      outcome: { kind: 'exited' },
      exit: { atMs: 200, code: 1, signal: null },
      output: { lines: [{ stream: 'stderr', atMs: 190, text }], droppedLines: 0, droppedBytes: 0 },
    });
  const served: UnprivilegedUserHistory = {
    launch: launchOf(listening(65_534)),
    startedAs: 65_534,
    readsAll: false,
    project: '/srv/weather',
    lab: '/tmp/mcp-prod-lab-x',
    failure: null,
    calls: [callOf()],
    requests: [],
    gateway: quietGateway,
  };
  const labWith = (history: Partial<UnprivilegedUserHistory>) =>
    labOf({ 'unprivileged-user': { ran: true, history: { ...served, ...history } } });
  const judgeHistory = (history: Partial<UnprivilegedUserHistory>) =>
    judgeCriterion('non-root-user', 'process-user', { lab: labWith(history) }).verdict;

  it.each<[string, Partial<UnprivilegedUserHistory>, string]>([
    ['a call as another user', {}, 'pass'],
    ['a user of its own', { startedAs: null, launch: launchOf(listening(1000)) }, 'pass'],
    ['a user that is unknown', { startedAs: null, launch: launchOf(listening(null)) }, 'inconclusive'],
    ['a listener that became root', { launch: launchOf(listening(0)) }, 'inconclusive'],
    ['a client that did not connect', { failure: 'HTTP 500' }, 'inconclusive'],
    [
      'a call that failed for an unknown reason',
      { calls: [callOf({ outcome: { kind: 'result', isError: true, text: 'failed' } })] },
      'inconclusive',
    ],
  ])('with %s: %s', (_, history, verdict) => {
    expect(judgeHistory(history)).toBe(verdict);
  });

  it.each([
    ["Error: EACCES: permission denied, open '/var/lib/weather/state'", 'fail'],
    ["PermissionError: [Errno 13] Permission denied: '/etc/weather.key'", 'fail'],
    ['{"level":"error","msg":"Cannot write to /var/run","error":"EACCES"}', 'fail'],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', 'fail'],
    ['setgid: Operation not permitted', 'fail'],
    ['This server must be run as root.', 'fail'],
    ['This server must not be run as root.', 'inconclusive'],
    ["Error: EACCES: permission denied, open '/srv/weather/data/state'", 'inconclusive'],
    ["Error: EACCES: permission denied, mkdir 'data/cache'", 'inconclusive'],
    ["Error: EACCES: permission denied, open 'state.json'", 'inconclusive'],
    ["Error: EACCES: permission denied, open '/root/.venv/lib/x.py'", 'inconclusive'],
    ["Error: EACCES: permission denied, unlink '/tmp/weather.lock'", 'inconclusive'],
    ['TypeError: undefined is not a function', 'inconclusive'],
  ])('when it ends with "%s": %s', (text, verdict) => {
    expect(judgeHistory({ launch: printing(text), calls: [] })).toBe(verdict);
  });

  it('hides no image that runs as root', () => {
    const files = project({ dockerfiles: [dockerfile([stage('node:24', { user: known('root') })])] });
    const result = judgeRow('non-root-user', { lab: labWith({}), project: files });
    expect(result.verdict).toBe('fail');
    expect(judgeRow('non-root-user', { lab: labWith({}) })).toMatchObject({
      verdict: 'partial',
      proof: 'proven',
    });
  });
});
