import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../../src/checklist/reading/server/healthchecks.ts';
import { repository } from '../../../../src/checklist/reading/server/stages.ts';

describe('the path that a health check polls', () => {
  it.each([
    ['http://127.0.0.1:3000/health', '/health'],
    ['http://localhost:$PORT/health?deep=1', '/health?deep=1'],
    ['https://localhost', '/'],
    ['http://localhost?deep=1', '/?deep=1'],
    ['http://localhost:3000/${CHECK_PATH}', undefined],
    ['tcp://localhost:3000', undefined],
  ])('of %s is %s', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});

describe('the repository of an image', () => {
  it.each([
    ['node:24-slim', 'node'],
    ['docker.io/library/node@sha256:01', 'node'],
    ['registry.example:5000/team/app', 'registry.example:5000/team/app'],
    ['registry.example:5000/team/app:1.2', 'registry.example:5000/team/app'],
  ])('of %s is %s', (image, name) => {
    expect(repository(image)).toBe(name);
  });
});
