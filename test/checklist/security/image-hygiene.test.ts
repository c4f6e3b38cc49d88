import { describe, expect, it } from 'vitest';
import { at, dockerfile, project, stage } from '../../support/evidence.ts';
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
  it.each([
    ['node:24.11.1-slim', 'pass'],
    ['node@sha256:0123', 'pass'],
    ['registry.example:5000/node:24', 'pass'],
    ['node', 'fail'],
    ['registry.example:5000/node', 'fail'],
    ['node:latest', 'fail'],
    ['node:lts-slim', 'fail'],
  ])('base %s: %s', (base, verdict) => {
    expect(judge('pinned-base', base)).toBe(verdict);
  });

  it.each([
    ['npm ci --omit=dev', 'pass'],
    ['corepack enable && pnpm install --frozen-lockfile', 'pass'],
    ['uv sync --locked --no-dev', 'pass'],
    ['npm install', 'fail'],
    ['npm install -g npm@11 && npm ci', 'pass'],
    ['pip install -r requirements.txt', 'inconclusive'],
    ['make build', 'inconclusive'],
  ])('RUN %s: %s', (run, verdict) => {
    expect(judge('lockfile-install', 'node:24-slim', run)).toBe(verdict);
  });

  it.each([
    ['node:24-slim', 'pass'],
    ['gcr.io/distroless/nodejs24', 'pass'],
    ['node:24', 'fail'],
    ['registry.example/our-base:3', 'not-applicable'],
  ])('size of %s: %s', (base, verdict) => {
    expect(judge('small-final-stage', base)).toBe(verdict);
  });
});
