import { expect, it } from 'vitest';
import { count, decimal, someOf } from '../../src/text/counts.ts';
import { milliseconds, seconds } from '../../src/text/durations.ts';
import { placeText } from '../../src/text/places.ts';

it.each([
  [count(0, 'row'), '0 rows'],
  [count(1, 'row'), '1 row'],
  [count(2, 'upstream request'), '2 upstream requests'],
  [decimal(4), '4'],
  [decimal(2.54), '2.5'],
  [someOf([]), ''],
  [someOf(['a', 'b', 'a']), 'a, b'],
  [someOf(['a', 'b', 'c', 'd', 'e']), 'a, b, c, d, e'],
  [someOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'a, b, c, d, e and 2 more'],
  [someOf(['a', 'b', 'c', 'd'], 3), 'a, b, c and 1 more'],
  [seconds(1_249), '1.2 s'],
  [seconds(3_204, 2), '3.20 s'],
  [milliseconds(12.6), '13 ms'],
  [placeText({ file: 'compose.yaml', line: 6 }), 'compose.yaml:6'],
  [placeText({ file: 'a\nb', line: 1 }), 'a\\u{a}b:1'],
])('%j', (text, expected) => {
  expect(text).toBe(expected);
});
