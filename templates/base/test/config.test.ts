import { expect, test } from 'vitest';
import { ConfigError, commaList, readSettings, required, wholeNumber } from '../src/config.ts';
import { httpSettings } from '../src/http/settings.ts';
import { weatherSettings } from '../src/weather/settings.ts';

const all = { ...weatherSettings, ...httpSettings };

test('two variables are enough', () => {
  const settings = readSettings(all, { OPENWEATHER_API_KEY: 'a', MCP_API_KEY: 'b, c' });
  expect(settings).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', RATE_LIMIT: 60, MCP_API_KEY: ['b', 'c'] });
});

test('one message names every variable that is missing or wrong', () => {
  expect(() =>
    readSettings(all, { MCP_API_KEY: ' , ', PORT: 'eighty', ALLOWED_ORIGINS: 'nonsense' }),
  ).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /OPENWEATHER_API_KEY is not set.*PORT must be a whole number.*ALLOWED_ORIGINS must.*MCP_API_KEY holds no key/,
      ),
    }),
  );
});

test.each(['a b', 'schlüssel'])('the key "%s", which no header can carry, stops the start', (key) => {
  const env = { OPENWEATHER_API_KEY: 'a', MCP_API_KEY: `good,${key}` };
  expect(() => readSettings(all, env)).toThrow(/^Configuration error: MCP_API_KEY holds a key with spaces/);
});

test('an empty value counts as not set', () => {
  expect(() => readSettings({ KEY: required('a key') }, { KEY: ' ' })).toThrow(ConfigError);
  expect(readSettings({ SIZE: wholeNumber(1, 9).default(5) }, { SIZE: '' })).toEqual({ SIZE: 5 });
});

test('messages never repeat a value, which may be a secret', () => {
  expect(() => readSettings({ SIZE: wholeNumber(1, 9) }, { SIZE: 'hunter2' })).toThrow(/^((?!hunter2).)*$/);
});

test('lists are split at commas', () => {
  expect(readSettings({ LIST: commaList() }, { LIST: ' a,b ,,c' })).toEqual({ LIST: ['a', 'b', 'c'] });
});
