import { describe, expect, it } from 'vitest';
import {
  capitalised,
  cut,
  nameText,
  oneLine,
  printable,
  singleLine,
  visible,
  withoutControls,
} from '../../src/text/printable.ts';

const colour = '\u001b[31m';

describe('for people', () => {
  it.each([
    ['visible', visible, `a\n\tb${colour}\u202e`, 'a\n\tb\\u{1b}[31m\\u{202e}'],
    ['oneLine', oneLine, `a\r\n\tb${colour}`, 'a b\\u{1b}[31m'],
    ['nameText', nameText, 'a\n\tb\u200b', 'a\\u{a}\\u{9}b\\u{200b}'],
    [
      'printable',
      printable,
      `a\nb${colour} ##[group]x ##vso[y`,
      'a b\\u{1b}[31m #\\u{23}[group]x #\\u{23}vso[y',
    ],
    ['capitalised', capitalised, 'the server', 'The server'],
    ['capitalised', capitalised, '', ''],
  ])('%s', (_name, convert, text, expected) => {
    expect(convert(text)).toBe(expected);
  });

  it('printable text is no longer than its limit, however long the text is', () => {
    expect(printable('x'.repeat(1_000_000), 40)).toBe(`${'x'.repeat(39)}…`);
    expect(printable('\u0000'.repeat(1_000), 40)).toHaveLength(40);
  });
});

describe('for evidence', () => {
  it.each([
    ['controls become a space', `a\r\n${colour}b\u202ec`, 300, 'a [31mb c'],
    ['it has no white space around it', '\n  a\u2028 ', 300, 'a'],
    ['it is bounded', 'x'.repeat(500), 10, `${'x'.repeat(9)}…`],
    ['an ellipsis shows that something was left off', `${'a'.repeat(5)}${'\n'.repeat(100)}`, 10, 'aaaaa…'],
    ['a short text has none', `${'a'.repeat(5)}${'\n'.repeat(20)}`, 10, 'aaaaa'],
  ])('a single line: %s', (_what, text, limit, expected) => {
    expect(singleLine(text, limit)).toBe(expected);
  });

  it('a text keeps its lines and loses what a terminal obeys', () => {
    expect(withoutControls('a\n\tb\u001b[2J\u0000')).toBe('a\n\tb\ufffd[2J\ufffd');
  });
});

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['a\u{1f600}b', 3, 'a…'],
])('%j cut to %i', (text, limit, expected) => {
  expect(cut(text, limit)).toBe(expected);
});
