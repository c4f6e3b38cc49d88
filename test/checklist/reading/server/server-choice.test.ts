import { describe, expect, it } from 'vitest';
import { serverServices } from '../../../../src/checklist/reading/server/compose-applications.ts';
import { healthchecks } from '../../../../src/checklist/reading/server/healthchecks.ts';
import { serverImages } from '../../../../src/checklist/reading/server/server-image.ts';
import { serverUnits } from '../../../../src/checklist/reading/server/server-units.ts';
import type { ComposeService } from '../../../../src/evidence/docker.ts';
import type { ProjectEvidence } from '../../../../src/evidence/project.ts';
import {
  at,
  dockerfile,
  healthcheck,
  known,
  project,
  service,
  stage,
  workload,
} from '../../../support/evidence.ts';
import { judgeCriterion } from '../../../support/rows.ts';

const built = (name: string, file = 'Dockerfile', differs: Partial<ComposeService> = {}) =>
  service({ name, build: { context: '.', dockerfile: file }, ...differs });

function pulled(name: string, image: string, differs: Partial<ComposeService> = {}): ComposeService {
  const { build: _, ...rest } = service({ name, image, ...differs });
  return rest;
}

const application = (files: string | string[], ...services: ComposeService[]) => ({
  files: [files].flat(),
  services,
});

const chosen = (compose: ProjectEvidence['compose'], differs: Partial<ProjectEvidence> = {}) =>
  serverServices(project({ compose, ...differs })).map(({ name }) => name);

describe('the compose service that is the server', () => {
  it.each([
    ['.devcontainer/docker-compose.yml'],
    ['.github/compose.yaml'],
    ['examples/client/compose.yaml'],
    ['.examples/compose.yaml'],
    ['tests/e2e/docker-compose.yml'],
    ['docker/dev/compose.yaml'],
    ['docker-compose.dev.yml'],
    ['docker-compose.server-dev.yml'],
    ['compose.test.yaml'],
    ['docker-compose.override.example.yml'],
  ])('is not in %s', (file) => {
    expect(chosen([application(file, built('app'))])).toEqual([]);
  });

  it.each([
    ['packages/github/compose.yaml'],
    ['servers/docs-mcp/compose.yaml'],
    ['local-server/compose.yaml'],
  ])('may be in %s', (file) => {
    expect(chosen([application(file, built('app'))])).toEqual(['app']);
  });

  it('prefers the root to deeper files, and the plain file to its variants', () => {
    const deeper = application('deploy/compose.yaml', built('deeper'));
    const plain = application(['compose.yaml', 'compose.override.yaml'], built('plain'));
    const variant = application(['compose.yaml', 'compose.tracing.yaml'], built('variant'));
    const production = application(['compose.yaml', 'compose.prod.yaml'], built('production'));
    expect(chosen([plain, variant, deeper])).toEqual(['plain']);
    expect(chosen([plain, production])).toEqual(['production']);
    expect(chosen([variant, deeper])).toEqual(['variant']);
    expect(chosen([deeper])).toEqual(['deeper']);
  });

  it('may be in a folder that is named for it', () => {
    const root = application('compose.yaml', built('api'));
    const own = application('mcp_server/compose.yaml', built('server', 'mcp_server/Dockerfile'));
    expect(chosen([root, own])).toEqual(['api', 'server']);
  });

  it('is not a database, a proxy or a job of the same project', () => {
    const dockerfiles = [
      dockerfile([stage('nginx:1.29')], { file: 'proxy/Dockerfile' }),
      dockerfile([stage('node:24')], { file: 'api/Dockerfile' }),
    ];
    const services = [
      built('edge', 'proxy/Dockerfile'),
      built('clickhouse', 'clickhouse/Dockerfile'),
      built('migrate', 'api/Dockerfile', { runsToCompletion: true }),
      built('load', 'api/Dockerfile', { profiles: ['load'] }),
      built('api', 'api/Dockerfile'),
    ];
    expect(chosen([application('compose.yaml', ...services)], { dockerfiles })).toEqual(['api']);
  });

  it('is the one with MCP in its name, or the one of the root Dockerfile', () => {
    const others = [built('web', 'web/Dockerfile'), built('auth', 'auth/Dockerfile')];
    expect(chosen([application('compose.yaml', ...others, built('mcp', 'm/Dockerfile'))])).toEqual(['mcp']);
    expect(chosen([application('compose.yaml', ...others, built('app'))])).toEqual(['app']);
    expect(chosen([application('compose.yaml', ...others)])).toEqual(['web', 'auth']);
    expect(
      chosen([application('compose.yaml', ...others, built('mcp-client', 'c/Dockerfile'))]),
    ).toHaveLength(3);
  });

  it('is not built for development', () => {
    const differs = { build: { context: '.', dockerfile: 'Dockerfile', target: 'dev' } };
    expect(chosen([application('compose.yaml', service(differs))])).toEqual([]);
    expect(chosen([application('compose.yaml', built('app', 'Dockerfile.dev'))])).toEqual([]);
    expect(chosen([application('compose.yaml', built('git', 'testdata/git/Dockerfile'))])).toEqual([]);
  });

  it('may be pulled when it is named for MCP, is the only service, or is built in another file', () => {
    const database = pulled('db', 'postgres:18');
    const app = pulled('app', 'ghcr.io/example/app:1');
    expect(chosen([application('compose.yaml', app)])).toEqual(['app']);
    expect(chosen([application('compose.yaml', database)])).toEqual([]);
    expect(chosen([application('compose.yaml', app, pulled('other', 'example/other:1'))])).toEqual([]);
    expect(chosen([application('compose.yaml', database, pulled('x', 'example/our-mcp:1'))])).toEqual(['x']);
    const development = application('compose.dev.yaml', built('app'));
    expect(chosen([application('compose.yaml', app, database), development])).toEqual(['app']);
  });
});

const images = (differs: Parameters<typeof project>[0]) =>
  serverImages(project(differs)).map(({ dockerfile: { file }, stage: { name } }) => name ?? file);
const plain = (file: string, base = 'node:24') => dockerfile([stage(base)], { file });

describe('the image that is the server’s', () => {
  it('is the one at the root before those of packages, variants, tests and examples', () => {
    const beside = ['Dockerfile.alpine', 'packages/a/Dockerfile', 'examples/Dockerfile'].map((file) =>
      plain(file),
    );
    expect(images({ dockerfiles: [...beside, plain('Dockerfile')] })).toEqual(['Dockerfile']);
    expect(images({ dockerfiles: beside })).toEqual(['Dockerfile.alpine']);
    expect(images({ dockerfiles: [plain('.devcontainer/Dockerfile'), plain('tests/Dockerfile')] })).toEqual(
      [],
    );
    expect(images({ dockerfiles: [plain('Dockerfile'), plain('packages/mcp/Dockerfile')] })).toHaveLength(2);
    expect(images({ dockerfiles: [plain('db/Dockerfile', 'postgres:18'), plain('api/Dockerfile')] })).toEqual(
      ['api/Dockerfile'],
    );
  });

  it('is not a last stage for development', () => {
    const stages = [stage('node:24', { name: 'release' }), stage('node:24', { name: 'dev' })];
    expect(images({ dockerfiles: [dockerfile(stages)] })).toEqual(['release']);
    expect(images({ dockerfiles: [dockerfile(stages.slice(1))] })).toEqual(['dev']);
  });

  it('is not what compose builds for development', () => {
    const services = [service({ build: { context: '.', dockerfile: 'Dockerfile.dev' } })];
    expect(images({ services, dockerfiles: [plain('Dockerfile'), plain('Dockerfile.dev')] })).toEqual([
      'Dockerfile',
    ]);
  });
});

describe('where several may be the server', () => {
  const packages = (...users: string[]) =>
    judgeCriterion('non-root-user', 'image-user', {
      project: project({
        dockerfiles: users.map((user, index) =>
          dockerfile([stage('node:24', { user: known(user) })], { file: `packages/p${index}/Dockerfile` }),
        ),
      }),
    });

  it('reports what is true of all candidates, and names them', () => {
    expect(packages('root', 'root')).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('The same applies to packages/p1/Dockerfile.'),
    });
    expect(packages('node', 'node').verdict).toBe('pass');
  });

  it('does not judge candidates that differ, and names them', () => {
    expect(packages('root', 'node')).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/packages\/p0\/Dockerfile, packages\/p1\/Dockerfile\. They differ\./),
    });
  });

  it('reports that all files are for development or tests', () => {
    const judge = (id: string, criterion: string, files: ProjectEvidence) =>
      judgeCriterion(id, criterion, { project: files });
    const nonProduction = project({
      dockerfiles: [plain('examples/Dockerfile')],
      compose: [application('examples/compose.yaml', built('app'))],
    });
    expect(judge('non-root-user', 'image-user', nonProduction).reason).toMatch(
      /^All Dockerfiles .*examples\/Dockerfile/,
    );
    expect(judge('restart-policy', 'declared', nonProduction).reason).toMatch(
      /^The audit found no deployment .*examples\/compose/,
    );
    const stack = project({ services: [pulled('db', 'postgres:18'), pulled('q', 'redis:8')] });
    expect(judge('restart-policy', 'declared', stack).reason).toMatch(
      /could not be determined among the services of compose.yaml/,
    );
  });

  it('does not fail compose where another description may deploy the server', () => {
    const judge = (file: string) =>
      judgeCriterion('restart-policy', 'declared', {
        project: project({ services: [service()], unread: [{ file, kind: 'Kubernetes manifest' }] }),
      }).verdict;
    expect(judge('k8s/deployment.yaml')).toBe('inconclusive');
    expect(judge('tests/k8s/deployment.yaml')).toBe('fail');
  });
});

describe('the health check that counts', () => {
  const polling = dockerfile([stage('node:24', { healthcheck: healthcheck('http://localhost/image') })]);
  const urls = (...services: ComposeService[]) =>
    healthchecks(project({ dockerfiles: [polling], services })).flatMap(({ check }) => check.urls);

  it('comes from compose, else from the image, even a pulled one', () => {
    const own = { healthcheck: healthcheck('http://localhost/compose') };
    expect(urls(built('app', 'Dockerfile', own))).toEqual(['http://localhost/compose']);
    expect(urls(built('app'))).toEqual(['http://localhost/image']);
    expect(urls(pulled('app', 'example/app:1'))).toEqual(['http://localhost/image']);
    expect(urls(built('app'), pulled('db', 'postgres:18', own))).toEqual(['http://localhost/image']);
  });
});

describe('the workload that is the server', () => {
  const titles = (...workloads: ProjectEvidence['workloads']) =>
    serverUnits(project({ workloads })).map(({ title }) => title);
  const pod = (name: string, differs: Parameters<typeof workload>[0] = {}) =>
    workload({ name, image: known(`example/${name}:1`), ...differs });

  it('is not a store, a proxy or a sidecar', () => {
    expect(
      titles(
        pod('redis', { image: known('docker.io/bitnami/redis:8') }),
        pod('api', { container: 'istio-proxy', image: known('istio/proxyv2:1.27') }),
        pod('api', { container: 'api' }),
        pod('api', { container: 'helper' }),
      ),
    ).toEqual(['Deployment api']);
  });

  it('is not in files for development, tests or examples', () => {
    expect(
      titles(
        pod('a', { at: at('examples/k8s/a.yaml') }),
        pod('b', { at: at('k8s/base/b.yaml'), kustomization: 'k8s/overlays/dev/kustomization.yaml' }),
        pod('c-test'),
        workload({ platform: 'procfile', name: 'web', at: at('Procfile.dev') }),
      ),
    ).toEqual([]);
  });

  it('is the one for production, for MCP, or for requests', () => {
    const overlay = (name: string) => ({ kustomization: `overlays/${name}/kustomization.yaml` });
    expect(titles(pod('x', overlay('prod')), pod('y', overlay('staging')))).toEqual(['Deployment x']);
    expect(
      titles(
        workload({ platform: 'fly', name: 'x', at: at('fly.toml') }),
        workload({ platform: 'fly', name: 'y', at: at('fly.staging.toml') }),
      ),
    ).toEqual(['Fly app x']);
    expect(titles(pod('web'), pod('weather-mcp'))).toEqual(['Deployment weather-mcp']);
    const processes = ['web', 'worker'].map((name) => workload({ platform: 'procfile', name }));
    expect(titles(...processes)).toEqual(['Procfile process web']);
    expect(titles(pod('web'), pod('worker'))).toHaveLength(2);
  });
});

describe('where several descriptions deploy the server', () => {
  const restart = (...workloads: ProjectEvidence['workloads']) =>
    judgeCriterion('restart-policy', 'declared', {
      project: project({ services: [service({ restart: known('always', 'compose.yaml', 5) })], workloads }),
    });

  it('they must agree, and the finding cites them all', () => {
    const unit = workload({ platform: 'systemd', restart: known('always', 'weather.service', 9) });
    expect(restart(unit)).toMatchObject({
      verdict: 'pass',
      finding:
        'Service weather sets restart: always (compose.yaml:5). The same applies to weather (weather.service).',
      sources: [at('compose.yaml', 5), at('weather.service', 9)],
    });
  });

  it('are not judged where they differ, and both are named', () => {
    const { verdict, reason } = restart(workload({ platform: 'systemd', restart: known('no') }));
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/weather \(compose\.yaml\), weather \(weather\.service\)/);
  });

  it('do not count where the question does not apply', () => {
    const descriptors = judgeCriterion('connection-limits', 'descriptor-limit', {
      project: project({ services: [service({ fileLimit: known('65536') })], workloads: [workload()] }),
    });
    expect(descriptors.verdict).toBe('pass');
  });
});
