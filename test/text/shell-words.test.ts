import { expect, it } from 'vitest';
import { execForm, splitWords, unquote } from '../../src/text/shell-words.ts';

it.each([
  ['node  server.js\t--port 1', ['node', 'server.js', '--port', '1']],
  [`a "b c" 'd "e'`, ['a', '"b c"', `'d "e'`]],
  ['a\\ b c', ['a\\ b', 'c']],
  [`'a\\' b`, [`'a\\'`, 'b']],
  ['  ', []],
])('the words of %j', (text, words) => {
  expect(splitWords(text, '\\')).toEqual(words);
});

it.each([
  ['"b c"', 'b c'],
  [`'a\\b'`, 'a\\b'],
  ['a\\ b', 'a b'],
  [`a"b"'c'`, 'abc'],
  ['$HOME/"x"', '$HOME/x'],
  ['a\\', 'a\\'],
])('%j as a shell passes it on', (word, value) => {
  expect(unquote(word)).toBe(value);
});

it.each([
  ['["node", "index.js"]', ['node', 'index.js']],
  ['[]', []],
  ['["node", 1]', undefined],
  ['[node]', undefined],
  ['node index.js', undefined],
])('the exec form of %j', (text, words) => {
  expect(execForm(text)).toEqual(words);
});
