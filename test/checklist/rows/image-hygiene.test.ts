import { describe, expect, it } from 'vitest';
import type { DockerStage } from '../../../src/evidence/docker.ts';
import { at, dockerfile, known, project, stage, workload } from '../../support/evidence.ts';
import { labOf } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const judge = (criterion: string, base: string, ...runs: string[]) =>
  judgeCriterion('image-hygiene', criterion, {
    project: project({
      dockerfiles: [
        dockerfile([stage(base, { runs: runs.map((text) => ({ text, at: at('Dockerfile', 3) })) })]),
      ],
    }),
  }).verdict;

describe('image-hygiene', () => {
  it('does not apply where the client starts the server, and no image is described', () => {
    const judged = (differs: Parameters<typeof project>[0], transport: 'http' | 'stdio') =>
      judgeCriterion('image-hygiene', 'pinned-base', {
        project: project(differs),
        lab: labOf({}, { transport }),
      }).verdict;
    expect(judged({}, 'stdio')).toBe('not-applicable');
    expect(judged({}, 'http')).toBe('inconclusive');
    expect(judged({ unread: [{ file: 'chart.yaml', kind: 'Helm chart' }] }, 'stdio')).toBe('inconclusive');
    expect(judged({ dockerfiles: [dockerfile([stage('node')])] }, 'stdio')).toBe('fail');
  });

  it.each([
    ['node:24.11.1-slim', 'pass'],
    ['node@sha256:0123', 'pass'],
    ['registry.example:5000/node:24', 'pass'],
    ['node', 'fail'],
    ['registry.example:5000/node', 'fail'],
    ['node:latest', 'fail'],
    ['node:lts-slim', 'fail'],
    ['node:lts-alpine3.22', 'fail'],
    ['node:24-alpine3.22', 'pass'],
    ['denoland/deno:alpine-2.5.0', 'pass'],
    ['debian:bookworm-slim', 'pass'],
    ['debian:stable-slim', 'fail'],
    ['python:bookworm', 'fail'],
    ['gcr.io/distroless/nodejs24-debian12', 'pass'],
    ['gcr.io/distroless/nodejs24-debian12:nonroot', 'pass'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:latest', 'pass'],
    ['cgr.dev/chainguard/node:latest', 'fail'],
  ])('base %s: %s', (base, verdict) => {
    expect(judge('pinned-base', base)).toBe(verdict);
  });

  it.each([
    ['npm ci --omit=dev', 'pass'],
    ['corepack enable && pnpm install --frozen-lockfile', 'pass'],
    ['uv sync --locked --no-dev', 'pass'],
    ['npm install', 'fail'],
    ['npm install pnpm -g --quiet && pnpm i --frozen-lockfile', 'pass'],
    ['npm --prefix ui ci', 'pass'],
    ['npm ci && npm install express', 'fail'],
    ['npm run build', 'inconclusive'],
    ['yarn install --immutable', 'pass'],
    ['yarn global add serve', 'inconclusive'],
    ['bun ci', 'pass'],
    ['pip install --require-hashes -r requirements.txt', 'pass'],
    ['pip install uv==0.9 && uv sync --frozen', 'pass'],
    ['poetry install --only main', 'fail'],
    ['cargo build --release --locked', 'pass'],
    ['go mod download', 'pass'],
    ['CGO_ENABLED=0 go build -o /bin/server ./cmd/server', 'pass'],
    ['go install golang.org/x/tools/cmd/stringer@latest', 'inconclusive'],
    ['./mvnw -B package', 'inconclusive'],
    ['dotnet publish -c Release', 'inconclusive'],
    ['apt-get update && apt-get install -y curl', 'inconclusive'],
    ['npm install -g npm@11 && npm ci', 'pass'],
    ['pip install -r requirements.txt', 'inconclusive'],
    ['make build', 'inconclusive'],
  ])('RUN %s: %s', (run, verdict) => {
    expect(judge('lockfile-install', 'node:24-slim', run)).toBe(verdict);
  });

  const installing = (
    run: string,
    sources: string[],
    lockfiles: string[],
    differs: Partial<DockerStage> = {},
  ) =>
    judgeCriterion('image-hygiene', 'lockfile-install', {
      project: project({
        lockfiles,
        dockerfiles: [
          dockerfile([
            stage('node:24', {
              copies: [{ sources, destination: '../security/', at: at('Dockerfile', 2) }],
              runs: [{ text: run, at: at('Dockerfile', 3) }],
              ...differs,
            }),
          ]),
        ],
      }),
    }).verdict;

  it.each([
    ['npm install', ['package.json'], ['package-lock.json'], 'fail'],
    ['npm install', ['package.json', 'package-lock.json'], ['package-lock.json'], 'inconclusive'],
    ['npm install', ['package*.json'], ['package-lock.json'], 'inconclusive'],
    ['npm install', ['package.json', '${LOCKFILE}'], ['package-lock.json'], 'inconclusive'],
    ['npm install', ['*.md'], ['package-lock.json'], 'fail'],
    ['npm install', ['.'], ['package-lock.json'], 'inconclusive'],
    ['npm install', ['src/server'], ['src/server/package-lock.json'], 'inconclusive'],
    ['npm install', ['.'], ['yarn.lock'], 'fail'],
    ['npm install --no-package-lock', ['.'], ['package-lock.json'], 'fail'],
    ['yarn', ['.'], ['yarn.lock'], 'inconclusive'],
    ['poetry install', ['pyproject.toml', 'poetry.lock*'], ['poetry.lock'], 'inconclusive'],
    ['uv sync', ['.'], ['uv.lock'], 'inconclusive'],
    ['cargo build --release', ['Cargo.toml', 'Cargo.lock'], ['Cargo.lock'], 'inconclusive'],
  ])('RUN %s after COPY %j with %j: %s', (run, sources, lockfiles, verdict) => {
    expect(installing(run, sources, lockfiles)).toBe(verdict);
  });

  it('knows a lockfile that is mounted, and one that the environment freezes', () => {
    const mounted = [
      { text: 'npm install', at: at('Dockerfile', 3), mounts: ['--mount=type=bind,source=.'] },
    ];
    expect(installing('', ['a.js'], ['package-lock.json'], { runs: mounted })).toBe('inconclusive');
    const variables = [{ name: 'UV_FROZEN', value: known('1'), instruction: 'ENV' as const }];
    expect(installing('uv sync', ['a.py'], ['uv.lock'], { variables })).toBe('pass');
  });

  it('leaves alone what a stage installs of which nothing is in the image', () => {
    const running = (text: string) => ({ runs: [{ text, at: at('Dockerfile', 3) }] });
    const copies = [{ from: 'BUILD', sources: ['/app/dist'], destination: '/app', at: at('Dockerfile', 8) }];
    const stages = [
      stage('node:24', { name: 'build', ...running('npm ci') }),
      stage('node:24', { name: 'lint', baseStage: 0, ...running('npm install eslint') }),
      stage('node:24-slim', { copies }),
    ];
    expect(
      judgeCriterion('image-hygiene', 'lockfile-install', {
        project: project({ dockerfiles: [dockerfile(stages)] }),
      }).verdict,
    ).toBe('pass');
  });

  it.each([
    ['node:24-slim', 'pass'],
    ['gcr.io/distroless/nodejs24', 'pass'],
    ['node:24', 'fail'],
    ['registry.example/our-base:3', 'not-applicable'],
  ])('size of %s: %s', (base, verdict) => {
    expect(judge('small-final-stage', base)).toBe(verdict);
  });

  it('is no question where every deployment runs the program itself', () => {
    const unit = workload({ platform: 'systemd', kind: 'service', command: known('node dist/index.js') });
    const pulled = workload({ platform: 'kubernetes', kind: 'Deployment', image: known('example.com/x:1') });
    const verdict = (...workloads: (typeof unit)[]) =>
      judgeCriterion('image-hygiene', 'pinned-base', { project: project({ workloads }) }).verdict;
    expect(verdict(unit)).toBe('not-applicable');
    expect(verdict(unit, pulled)).toBe('inconclusive');
    expect(verdict()).toBe('inconclusive');
  });
});
