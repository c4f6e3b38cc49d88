import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const promises = [...read('SECURITY.md').matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(([, promise]) => promise);
const held = [
  ...read('docs/security.md').matchAll(/^\| (?!promise)([^|`]+?) \| `([^`]+)` \| (.+?) \|$/gm),
].map(([, promise, file = '', name = '']) => ({ promise, file, name }));

test('every promise of SECURITY.md has a test in docs/security.md', () => {
  expect(promises.length).toBeGreaterThanOrEqual(8);
  const named = new Set(held.map(({ promise }) => promise));
  expect(promises.filter((promise) => !named.has(promise))).toEqual([]);
  expect([...named].filter((promise) => !promises.includes(promise))).toEqual(['The generated server']);
});

test.each(held)('$promise: $file has the test "$name"', ({ file, name }) => {
  expect(existsSync(new URL(`../${file}`, import.meta.url))).toBe(true);
  expect(read(file)).toContain(name);
});
