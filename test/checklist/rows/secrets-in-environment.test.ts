import { describe, expect, it } from 'vitest';
import type { LabEvidence } from '../../../src/evidence/lab/lab.ts';
import type { LoggingHistory } from '../../../src/evidence/lab/logging.ts';
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
import {
  baselineOf,
  callOf,
  endedLaunch,
  labOf,
  launchOf,
  loggingOf,
  outputOf,
  pollOf,
  quietGateway,
} from '../../support/lab-evidence.ts';
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
      finding: 'Dockerfile:7 sets API_KEY to a literal value. Its name says that it holds a secret.',
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
      finding: 'The audit found no literal secret in 4 source files.',
    });
    expect(judge('src/weather.ts')).toMatchObject({ verdict: 'fail', sources: [at('src/weather.ts', 7)] });
    expect(judge('test/weather.test.ts').verdict).toBe('pass');
    expect(judge('compose.yaml').verdict).toBe('pass');
    expect(withFiles('no-literal-in-source', {}).verdict).toBe('inconclusive');
    const literalSecrets = [{ name: 'apiKey', kind: 'a literal value', at: at('src/weather.ts', 7) }];
    expect(withFiles('no-literal-in-deployment-files', { literalSecrets }).verdict).toBe('pass');
  });

  it('claims nothing where no file could be read', () => {
    const judge = (facts: Parameters<typeof withFiles>[1]) =>
      withFiles('no-literal-in-deployment-files', { dockerfiles: [], ...facts }).verdict;
    const broken = dockerfile([]);
    expect(judge({ dockerfiles: [{ ...broken, broken: 'line 3' }] })).toBe('inconclusive');
    expect(judge({ unread: [{ file: 'chart.yaml', kind: 'Helm chart' }] })).toBe('inconclusive');
    expect(judge({ unfinished: [{ part: 'deployment', because: 'time' }] })).toBe('inconclusive');
    expect(judge({})).toBe('not-applicable');
  });

  it.each([
    [true, ['.env'], [], 'pass'],
    [false, ['.env'], ['.env'], 'fail'],
    [null, ['.env'], ['.env'], 'fail'],
    // Perhaps committed on purpose: defaults are no secrets.
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
    ['a path of an unknown folder', '/src', undefined, 'inconclusive'],
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

  it('accepts a password in an example, and no token in a production file', () => {
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
    const anonymous = recordWire({ credentialGiven: false, clients: [] });
    anonymous.exchange(answer(200));
    const judge = () => judgeCriterion(row, 'credential-not-echoed', { wire: anonymous.wire }).verdict;
    expect(judge()).toBe('inconclusive');
    anonymous.connect({ toolsFailure: 'HTTP 401' });
    expect(judge()).toBe('inconclusive');
    anonymous.connect();
    expect(judge()).toBe('not-applicable');
  });
});

describe('secrets-in-environment in the lab', () => {
  const key = ['WEATHER_API_KEY'];
  const asked = (name: string, where: string) => ({
    ...quietGateway,
    requests: [
      {
        atMs: 510,
        scheme: 'https' as const,
        method: 'GET',
        host: 'api.weather.test',
        path: '/v1/current',
        fault: 'pass' as const,
        canaries: [{ name, where }],
        outcome: { kind: 'answered' as const, afterMs: 5, status: 200, by: 'canned' as const },
      },
    ],
  });
  const labWith = (history: Partial<LoggingHistory> = {}, lab: Partial<LabEvidence> = {}) =>
    labOf(
      { logging: { ran: true, history: loggingOf([{ atMs: 3_010, text: '{}' }], history) } },
      { baseline: baselineOf({ gateway: asked('WEATHER_API_KEY', 'query key') }), ...lab },
    );
  const leaks = (lab: LabEvidence) => judgeCriterion(row, 'no-leak-at-runtime', { lab });

  it('passes where no canary showed up, failures included', () => {
    expect(leaks(labWith())).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding:
        'The server wrote 1 log line and sent 5 responses (1 error). None contains the value of WEATHER_API_KEY.',
    });
  });

  const [plain, forgery, failure] = loggingOf([]).calls;
  if (!plain || !forgery || !failure) throw new Error('Three calls are made.');
  it.each([
    [
      'a line',
      { launch: launchOf({ output: outputOf({ atMs: 9, text: 'x', stream: 'stderr', canaries: key }) }) },
      'printed the value of WEATHER_API_KEY on stderr',
      9,
    ],
    [
      'a tool error',
      { calls: [plain, forgery, { ...failure, canaries: key }] },
      'returned the value of WEATHER_API_KEY in the error to a get_weather call',
      5_020,
    ],
  ])('fails for %s that contains one, in any experiment', (_, history, leak, atMs) => {
    expect(leaks(labWith(history))).toMatchObject({
      verdict: 'fail',
      finding: `The server ${leak}.`,
      sources: [{ experiment: 'logging', atMs }],
    });
  });

  it('fails for the baseline’s health, a start without a secret, and the answer to a probe of the wire', () => {
    const health = [pollOf(200, { canaries: key })];
    expect(leaks(labWith({}, { baseline: baselineOf({ health }) }))).toMatchObject({
      verdict: 'fail',
      finding: 'The server returned the value of WEATHER_API_KEY in the response to GET /health.',
      sources: [{ experiment: 'baseline' }],
    });
    const launch = { ...endedLaunch(1), output: outputOf({ atMs: 9, text: 'x', canaries: ['OTHER_KEY'] }) };
    const withheld = [{ name: 'WEATHER_API_KEY', envFile: null, how: 'unset' as const, launch }];
    const started = labOf({ 'missing-secrets': { ran: true, history: { withheld, untried: [] } } });
    expect(leaks(started).finding).toBe('The server printed the value of OTHER_KEY on stdout.');
    const { wire, exchange } = recordWire();
    exchange(answer(400, 'x'), { path: '/boom', exposes: ['the secret WEATHER_API_KEY'] });
    const judge = (ownWire: boolean) =>
      judgeCriterion(row, 'no-leak-at-runtime', { wire, lab: labWith({}, { ownWire }) });
    expect(judge(true)).toMatchObject({
      verdict: 'fail',
      finding: 'The server returned the value of WEATHER_API_KEY in the response to POST /boom.',
    });
    expect(judge(false).verdict).toBe('pass');
  });

  it.each([
    ['no secret', labWith({}, { secrets: [], secretsNamed: false }), '"secrets"'],
    [
      'nothing that uses it',
      labWith({}, { baseline: baselineOf() }),
      'Whether the server uses it is unknown',
    ],
    ['no failure', labWith({ calls: [plain, forgery] }), 'no call failed'],
  ])('claims nothing where there is %s', (_, lab, reason) => {
    expect(leaks(lab)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining(reason) });
  });

  it('has nothing to look for where the configuration says that there are no secrets', () => {
    expect(leaks(labOf({}, { secrets: [] })).verdict).toBe('not-applicable');
    expect(leaks(labOf({}, { secrets: [], secretsNamed: false })).verdict).toBe('inconclusive');
  });

  it('fails where the server forwards the client’s token, in any experiment', () => {
    const forwarding = (lab: LabEvidence) => judgeCriterion(row, 'token-not-forwarded', { lab });
    const lab = { secrets: ['WEATHER_API_KEY', 'MCP_API_KEY'], credential: 'MCP_API_KEY' };
    expect(forwarding(labWith({}, lab))).toMatchObject({
      verdict: 'pass',
      finding:
        'The server sent 1 upstream request. None contains the client’s token (MCP_API_KEY). The server sent WEATHER_API_KEY to api.weather.test (query key) instead.',
    });
    expect(forwarding(labWith({ gateway: asked('MCP_API_KEY', 'header authorization') }, lab))).toMatchObject(
      {
        verdict: 'fail',
        finding:
          'The server forwarded the client’s token (MCP_API_KEY) to api.weather.test (header authorization).',
      },
    );
    expect(forwarding(labWith()).verdict).toBe('not-applicable');
    expect(forwarding(labWith({}, { baseline: baselineOf({ connection: null }) })).verdict).toBe(
      'inconclusive',
    );
    expect(forwarding(labOf({}, { ...lab, baseline: baselineOf({ calls: [callOf()] }) })).verdict).toBe(
      'inconclusive',
    );
  });
});
