import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Compares with a committed file. A missing one fails: `UPDATE_GOLDENS=1` writes it, for a person to read and commit.
 *
 * @param file relative to `test/goldens/`
 */
export function expectGolden(file: string, actual: string): void {
  const path = new URL(`../goldens/${file}`, import.meta.url);
  if (process.env.UPDATE_GOLDENS) writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}
