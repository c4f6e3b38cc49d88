import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { experimentsOn, servers } from '../support.ts';

async function judgeKeys(command: string, env: Record<string, string>) {
  const plan = { directory: `${servers}/units`, secrets: [], command, env };
  const answers = {
    'GET /v1/current': '../weather/current.json',
    'GET /v1/token': '../weather/current.json',
  };
  const seen = await experimentsOn({ ...plan, upstream: { 'api.weather.test': answers } }, 'caching');
  return judgeCriterion('response-caching', 'keyed-by-arguments', seen);
}

describe.concurrent.each([
  ['Node', 'node server.mjs'],
  ['Python', '/usr/bin/python3 server.py'],
])('the key of a cache in %s, whose results name the arguments', (_language, command) => {
  it.each([
    [{}, 'pass', /It did not reuse the first result\..* for \{"city":"London","units":"imperial"\} as well/],
    [
      { CONVERTS: '1', KEY: 'city' },
      'pass',
      /For \{"city":"London","units":"imperial"\}, a fresh instance sends no other/,
    ],
    [{ TOKEN: '1' }, 'pass', /sent 2 upstream requests for \{"city":"Paris"\}/],
    [
      { KEY: 'units' },
      'fail',
      /sent 0 upstream requests for \{"city":"Paris"\}\. A fresh instance sends a different/,
    ],
    [
      { KEY: 'units', TOKEN: '1' },
      'fail',
      /sent 1 upstream request for \{"city":"Paris"\}\. A fresh instance sends/,
    ],
    [{ KEY: 'city' }, 'fail', /sent 0 upstream requests for \{"city":"London","units":"imperial"\}/],
    [{ KEY: 'prefix' }, 'fail', /sent 0 upstream requests for \{"city":"Londonderry"\}/],
  ])('with %j: %s', async (env, expected, finding) => {
    const judged = await judgeKeys(command, env as Record<string, string>);
    expect(judged).toMatchObject({ verdict: expected, finding: expect.stringMatching(finding) });
  });
});
