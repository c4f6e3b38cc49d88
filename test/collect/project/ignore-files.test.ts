import { describe, expect, it } from 'vitest';
import { dockerIgnores, gitIgnores } from '../../../src/collect/project/files/ignore-files.ts';
import { holdsValues, isEnvFile } from '../../../src/text/secrets/env-files.ts';

describe('.env is kept out', () => {
  const cases: [string, boolean, boolean][] = [
    // patterns, by git, by Docker
    ['', false, false],
    ['.env', true, true],
    ['/.env', true, true],
    ['./.env', false, true],
    ['.env*', true, true],
    ['.env.*', false, false],
    ['*.env', true, true],
    ['**/.env', true, true],
    ['*', true, true],
    ['**', true, true],
    ['.*', true, true],
    ['.en?', true, true],
    ['.[de]nv', true, true],
    ['.env/', false, true],
    ['*/.env', false, false],
    ['config/.env', false, false],
    ['# .env', false, false],
    ['.ENV', false, false],
    ['.env\r\nnode_modules\r\n', true, true],
    ['  .env', false, true],
    ['.env\n!.env', false, false],
    ['*\n!src', true, true],
    ['!.env\n.env', true, true],
    ['*\n!.env*\n.env', true, true],
    ['.', false, false],
    ['[', false, false],
    ['a/../.env', false, true],
  ];
  it.each(cases)('%j: by git %s, by Docker %s', (patterns, git, docker) => {
    expect(gitIgnores(patterns, '.env')).toBe(git);
    expect(dockerIgnores(patterns, '.env')).toBe(docker);
  });

  it('or not, within bounded time', () => {
    const started = performance.now();
    for (const patterns of [
      '*?'.repeat(400),
      '**/'.repeat(300),
      '*[a-z]'.repeat(150),
      '.env\n'.repeat(200_000),
    ]) {
      gitIgnores(patterns, '.env');
      dockerIgnores(patterns, '.env');
    }
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

it.each([
  ['.env', true],
  ['.env.local', true],
  ['server/.env.production', true],
  ['.env.example', false],
  ['.env.sample', false],
  ['.env.template', false],
  ['.env.local.example', false],
  ['.env-example', false],
  ['.environment', false],
  ['env', false],
  ['a.env', false],
])('%s is an environment file: %s', (file, expected) => {
  expect(isEnvFile(file)).toBe(expected);
});

it.each([
  ['A=1', true],
  ['export A=1', true],
  ['A="x"', true],
  ['# A=1\nB=\nC=""\nD= # later', false],
  ['B=\r\nA=1\r\n', true],
  ['', false],
  ['no assignment', false],
])('%j holds values: %s', (text, expected) => {
  expect(holdsValues(text)).toBe(expected);
});
