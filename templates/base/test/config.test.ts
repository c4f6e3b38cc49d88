import { expect, test } from 'vitest';
import { ConfigError, commaList, readSettings, required, wholeNumber } from '../src/config.ts';
import { httpSettings } from '../src/http/settings.ts';
import { coreSettings } from '../src/settings.ts';
import { startCredentials } from './support/credentials.ts';
import { standInEnv } from './support/stand-in-answers.ts';
import { storeEnv } from './support/store-env.ts';

const all = { ...coreSettings, ...httpSettings };

test('nearly everything has a default', async () => {
  const credentials = await startCredentials();
  const settings = readSettings(all, {
    ...credentials.env,
    ...standInEnv('http://127.0.0.1:1'),
    ...storeEnv,
  });
  await credentials.close();
  expect(settings).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', RATE_LIMIT: 60, CACHE_TTL: 300 });
});

test('one message names every variable that is missing or wrong', () => {
  const table = { ...httpSettings, KEY: required('get one somewhere') };
  expect(() => readSettings(table, { PORT: 'eighty', ALLOWED_ORIGINS: 'nonsense' })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /^(?=.*PORT must be a whole number)(?=.*ALLOWED_ORIGINS must)(?=.*KEY is not set \(get one somewhere\))/,
      ),
    }),
  );
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
