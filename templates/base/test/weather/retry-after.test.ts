import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/weather/retry-after.ts';

const now = Date.parse('2026-09-21T12:00:00Z');

test.each([
  ['0', 0],
  ['120', 120_000],
  ['Mon, 21 Sep 2026 12:00:30 GMT', 30_000],
  ['Mon, 21 Sep 2026 11:00:00 GMT', 0],
  ['99999999999', 3_600_000],
  ['soon', undefined],
  ['-5', 0],
  [undefined, undefined],
  [['1', '2'], undefined],
])('%j asks for %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
