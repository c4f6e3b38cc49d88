import { describe, expect, it } from 'vitest';
import { dockerfile, known, notKnown, project, service, stage } from '../../support/evidence.ts';
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
      'a base image whose user nobody can read',
      [stage('registry.example/base:1')],
      /its user cannot be read/,
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

  it('does not judge a project without Dockerfile', () => {
    expect(judgeRow('non-root-user', { project: project() }).verdict).toBe('unknown');
  });

  it('judges the image that compose builds, and its target stage', () => {
    const stages = [
      stage('node:24', { name: 'dev' }),
      stage('node:24-slim', { name: 'prod', user: known('node') }),
    ];
    const judge = (target: string) =>
      judgeRow('non-root-user', {
        project: project({
          dockerfiles: [dockerfile(stages)],
          services: [service({ build: { context: '.', dockerfile: 'Dockerfile', target } })],
        }),
      }).criteria[0]?.verdict;
    expect([judge('prod'), judge('dev')]).toEqual(['pass', 'fail']);
  });

  it('leaves a development Dockerfile beside the real one alone', () => {
    const dockerfiles = [
      dockerfile([stage('node:24')], { file: 'Dockerfile.dev' }),
      dockerfile([stage('node:24', { user: known('node') })]),
    ];
    expect(judgeRow('non-root-user', { project: project({ dockerfiles }) }).verdict).toBe('pass');
  });
});

describe('non-root-user: the deployment', () => {
  const image = dockerfile([stage('node:24', { user: known('node') })]);

  it('fails when compose puts root over an unprivileged image, and calls it a contradiction', () => {
    const result = judgeRow('non-root-user', {
      project: project({
        dockerfiles: [image],
        services: [service({ user: known('root', 'compose.yaml', 5) })],
      }),
    });
    expect(result.verdict).toBe('fail');
    expect(result.contradictions).toEqual([
      'Service weather sets user root (compose.yaml:5), whatever the image says.',
    ]);
  });

  it('costs points when privileges can be gained', () => {
    const judge = (differs: Parameters<typeof service>[0]) =>
      judgeRow('non-root-user', { project: project({ dockerfiles: [image], services: [service(differs)] }) });
    expect(judge({ capDrop: ['ALL'], noNewPrivileges: true })).toMatchObject({
      verdict: 'pass',
      points: { earned: 10 },
    });
    expect(judge({})).toMatchObject({ verdict: 'partial', points: { earned: 6 } });
  });
});
