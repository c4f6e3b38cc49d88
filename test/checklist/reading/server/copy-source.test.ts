import { expect, test } from 'vitest';
import { nameFits } from '../../../../src/checklist/reading/server/copy-source.ts';

test.each([
  ['*', '.env', true],
  ['.*', '.env', true],
  ['.e?v', '.env', true],
  ['*.env', '.env', true],
  ['.env*', '.env', true],
  ['.env?', '.env', false],
  ['*v*n*', '.env', false],
  ['package*.json', 'package-lock.json', true],
  ['*lock*', 'package-lock.json', true],
  ['*.lock', 'package-lock.json', false],
  ['[ab]*', '.env', undefined],
  ['$NAME', '.env', undefined],
])('%s and %s: %s', (pattern, name, fits) => {
  expect(nameFits(pattern, name)).toBe(fits);
});

test('many wildcards take no longer than one', () => {
  const { user: before } = process.cpuUsage();
  expect(nameFits('*?'.repeat(50_000), 'a'.repeat(50_000))).toBe(true);
  expect(nameFits(`${'*a'.repeat(25)}b`, 'a'.repeat(50))).toBe(false);
  expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(1_000);
});
