import { expect, it } from 'vitest';
import { envEntries } from '../../src/text/secrets/env-files.ts';

it.each([
  ['A_KEY=abc', [['A_KEY', 'abc']]],
  ['export A_KEY = abc # a comment', [['A_KEY', 'abc']]],
  ['A_KEY=a#b', [['A_KEY', 'a#b']]],
  ['A_KEY="a # b"', [['A_KEY', 'a # b']]],
  [
    `A_KEY='it is'\r\nB_KEY=\`x\``,
    [
      ['A_KEY', 'it is'],
      ['B_KEY', 'x'],
    ],
  ],
  [
    'A_KEY="first\nsecond\\nthird"\nB=2',
    [
      ['A_KEY', 'first\nsecond\nthird'],
      ['B', '2'],
    ],
  ],
  [
    'A_KEY="never closed\nB=2',
    [
      ['A_KEY', '"never closed'],
      ['B', '2'],
    ],
  ],
  ['# A_KEY=abc\nA_KEY=\nB_KEY=""\nC_KEY= # none', []],
  ['no assignment', []],
])('%j has %j', (text, entries) => {
  expect(envEntries(text)).toEqual(entries.map(([name, value]) => ({ name, value })));
});

it('a hostile environment file is read within bounded time', () => {
  const started = performance.now();
  for (const text of [
    'A="'.repeat(20_000),
    'A="\n'.repeat(16_000),
    `A="${'\\'.repeat(60_000)}`,
    ' '.repeat(64_000),
  ]) {
    envEntries(text);
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});
