import { expect, test } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { authSettings } from '../../src/http/auth.ts';

test('several keys are separated by commas', () => {
  expect(readSettings(authSettings, { MCP_API_KEY: 'b, c' })).toEqual({ MCP_API_KEY: ['b', 'c'] });
});

test.each([
  [' , ', /holds no key/],
  ['good,a b', /holds a key with spaces/],
  ['good,schlüssel', /holds a key with spaces/],
])('"%s", which nobody could present, stops the start', (value, problem) => {
  expect(() => readSettings(authSettings, { MCP_API_KEY: value })).toThrow(problem);
});
