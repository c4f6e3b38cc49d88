import { describe, expect, it } from 'vitest';
import type { ProjectEvidence } from '../../../src/evidence/project.ts';
import {
  answer,
  at,
  dockerfile,
  failure,
  project,
  recordWire,
  service,
  source,
  stage,
} from '../../support/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const row = 'secrets-in-environment';
const image = dockerfile([stage('node:24')]);
const withFiles = (criterion: string, differs: Partial<ProjectEvidence>) =>
  judgeCriterion(row, criterion, { project: project({ dockerfiles: [image], ...differs }) });

describe('secrets-in-environment', () => {
  it('passes without a literal secret and fails with one, by name and place but not by value', () => {
    expect(withFiles('no-literal-in-deployment-files', {})).toMatchObject({ verdict: 'pass' });
    const literalSecrets = [{ name: 'API_KEY', kind: 'a literal value', at: at('Dockerfile', 7) }];
    expect(withFiles('no-literal-in-deployment-files', { literalSecrets })).toMatchObject({
      verdict: 'fail',
      finding: 'API_KEY at Dockerfile:7: a literal value.',
    });
  });

  it('passes source without a literal secret and fails it with one; tests and examples do not count', () => {
    const read = source({ parsed: { typescript: 3, javascript: 0, python: 1 } });
    const judge = (file: string) =>
      withFiles('no-literal-in-source', {
        source: read,
        literalSecrets: [{ name: 'apiKey', kind: 'a literal value', at: at(file, 7) }],
      });
    expect(withFiles('no-literal-in-source', { source: read })).toMatchObject({
      verdict: 'pass',
      finding: 'No literal secret in 4 source files.',
    });
    expect(judge('src/weather.ts')).toMatchObject({ verdict: 'fail', sources: [at('src/weather.ts', 7)] });
    expect(judge('test/weather.test.ts').verdict).toBe('pass');
    expect(judge('compose.yaml').verdict).toBe('pass');
    expect(withFiles('no-literal-in-source', {}).verdict).toBe('inconclusive');
    const literalSecrets = [{ name: 'apiKey', kind: 'a literal value', at: at('src/weather.ts', 7) }];
    expect(withFiles('no-literal-in-deployment-files', { literalSecrets }).verdict).toBe('pass');
  });

  it('claims nothing where no file could be read', () => {
    expect(withFiles('no-literal-in-deployment-files', { dockerfiles: [] }).verdict).toBe('inconclusive');
  });

  it.each([
    [true, ['.env'], [], 'pass'],
    [false, ['.env'], ['.env'], 'fail'],
    [null, ['.env'], ['.env'], 'fail'],
    // Committed on purpose, perhaps: defaults that are nobody's secret.
    [null, ['.env'], [], 'inconclusive'],
    [null, [], [], 'not-applicable'],
  ] as const)('.gitignore %s with %j, secrets in %j: %s', (gitIgnoresEnv, envFiles, secret, verdict) => {
    const ignores = { gitIgnoresEnv, dockerIgnores: [], belowRepository: false };
    const files = { ignores, envFiles: [...envFiles], envFilesWithSecrets: [...secret] };
    expect(withFiles('env-file-ignored-by-git', files).verdict).toBe(verdict);
  });

  it('does not accuse a folder of what the repository above it may keep out', () => {
    const ignores = { gitIgnoresEnv: null, dockerIgnores: [], belowRepository: true };
    expect(withFiles('env-file-ignored-by-git', { ignores, envFiles: ['.env'] }).verdict).toBe(
      'inconclusive',
    );
  });

  const judgeCopies = (stages: Parameters<typeof dockerfile>[0], differs: Partial<ProjectEvidence> = {}) =>
    withFiles('env-file-kept-out-of-image', {
      dockerfiles: [dockerfile(stages)],
      envFiles: ['.env'],
      ...differs,
    }).verdict;
  const ignoring = (file: string, ignoresEnv: boolean) => ({
    ignores: { gitIgnoresEnv: true, dockerIgnores: [{ file, ignoresEnv }], belowRepository: false },
  });
  const copy = (source: string, into?: string, from?: string) => ({
    ...(from === undefined ? {} : { from }),
    ...(into === undefined ? {} : { into }),
    sources: [source],
    destination: into ?? './',
    at: at('Dockerfile', 4),
  });
  const whole = stage('node:24', { copies: [copy('.')] });

  it('fails when .env is there and the image takes it, and passes when something keeps it out', () => {
    expect(judgeCopies([whole])).toBe('fail');
    expect(judgeCopies([whole], ignoring('.dockerignore', false))).toBe('fail');
    expect(judgeCopies([whole], ignoring('.dockerignore', true))).toBe('pass');
    expect(judgeCopies([whole], ignoring('Dockerfile.dockerignore', true))).toBe('pass');
    expect(judgeCopies([stage('node:24', { copies: [copy('package.json')] })])).toBe('pass');
  });

  it('accuses no image of a .env that is not there, unless COPY names it', () => {
    expect(judgeCopies([whole], { envFiles: [] })).toBe('inconclusive');
    expect(judgeCopies([stage('node:24', { copies: [copy('.env')] })], { envFiles: [] })).toBe('fail');
  });

  it.each([
    ['.env*', 'fail'],
    ['./.e?v', 'fail'],
    ['.*', 'fail'],
    ['./', 'fail'],
    ['*.json', 'pass'],
    ['.env.example', 'pass'],
    ['config/.env*', 'pass'],
    ['$FILES', 'inconclusive'],
    ['.[a-z]*', 'inconclusive'],
  ])('knows what COPY %s takes: %s', (source, verdict) => {
    expect(judgeCopies([stage('node:24', { copies: [copy(source)] })])).toBe(verdict);
  });

  it.each([
    ['a program out of it', '/src/bin/server', '/src', 'pass'],
    ['another folder', '/usr/local/lib', '/src', 'pass'],
    ['the folder itself', '/src', '/src', 'fail'],
    ['the folder above', '/', '/src', 'fail'],
    ['a path, from nobody knows where', '/src', undefined, 'inconclusive'],
  ])('follows .env through a build stage of which the image takes %s', (_, source, into, verdict) => {
    const build = stage('golang:1.25', { name: 'build', copies: [copy('.', into)] });
    const final = stage('scratch', { copies: [copy(source, '/app', 'build')] });
    expect(judgeCopies([build, final])).toBe(verdict);
  });

  it('knows the folder that compose builds from, and its .dockerignore', () => {
    const services = [service({ build: { context: 'api', dockerfile: 'api/Dockerfile' } })];
    const judge = (differs: Partial<ProjectEvidence>) =>
      judgeCriterion(row, 'env-file-kept-out-of-image', {
        project: project({
          services,
          dockerfiles: [dockerfile([whole], { file: 'api/Dockerfile' })],
          envFiles: ['api/.env'],
          ...differs,
        }),
      }).verdict;
    expect(judge({})).toBe('fail');
    expect(judge(ignoring('.dockerignore', true))).toBe('fail');
    expect(judge(ignoring('api/.dockerignore', true))).toBe('pass');
    expect(judge({ envFiles: ['.env'] })).toBe('inconclusive');
  });

  it('accuses nobody of the password of an example, and of a token wherever it stands in production', () => {
    const judge = (file: string, byForm?: true) =>
      withFiles('no-literal-in-deployment-files', {
        literalSecrets: [{ name: 'KEY', kind: 'a token', at: at(file, 7), ...(byForm ? { byForm } : {}) }],
      }).verdict;
    expect(judge('examples/compose.yaml')).toBe('pass');
    expect(judge('.devcontainer/docker-compose.yml')).toBe('pass');
    expect(judge('examples/compose.yaml', true)).toBe('inconclusive');
    expect(judge('monitoring/compose.yaml')).toBe('inconclusive');
    expect(judge('monitoring/compose.yaml', true)).toBe('fail');
  });

  it('fails when an answer repeats the credential', () => {
    const { wire, exchange } = recordWire();
    exchange(answer(200));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire }).verdict).toBe('pass');
    exchange(answer(400, 'bad token [credential]'), { echoesCredential: true });
    expect(judgeRow(row, { wire }).verdict).toBe('fail');
  });

  it('is not carried by an answer that repeats nothing', () => {
    const { wire, exchange } = recordWire();
    exchange(answer(200));
    expect(judgeRow(row, { wire }).verdict).toBe('unknown');
  });

  it('says nothing of a credential that was not sent or not answered', () => {
    const silent = recordWire();
    silent.exchange(failure('timeout'));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire: silent.wire }).verdict).toBe('inconclusive');
    const anonymous = recordWire({ credentialGiven: false });
    anonymous.exchange(answer(200));
    expect(judgeCriterion(row, 'credential-not-echoed', { wire: anonymous.wire }).verdict).toBe(
      'inconclusive',
    );
  });
});
