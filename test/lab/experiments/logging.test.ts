import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import { type Language, languages, readyPlan } from '../ready.ts';
import { experimentsOn, servers } from '../support.ts';

const row = 'structured-logging';
const seenOn = (language: Language, defect?: string, env: Record<string, string> = {}) =>
  experimentsOn(readyPlan(language, defect, { env }), 'logging');

/** Every criterion that the experiment judges, and that is not passed. */
function notPassed(seen: Partial<Evidence>): Record<string, string> {
  const criteria = [
    ...judgeRow(row, seen).criteria,
    judgeCriterion('log-aggregation', 'standard-streams', seen),
    judgeCriterion('secrets-in-environment', 'no-leak-at-runtime', seen),
    judgeCriterion('secrets-in-environment', 'token-not-forwarded', seen),
  ];
  // What is about servers over stdio does not apply here.
  const others = criteria.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  return Object.fromEntries(others.map(({ id, verdict }) => [id, verdict]));
}

/** What is not passed with each defect. */
const common: [string, Record<string, string>][] = [
  ['format-string-log', { unforgeable: 'fail' }],
  ['text-log', { 'one-object-a-line': 'fail' }],
  [
    'silent-log',
    {
      unforgeable: 'inconclusive',
      'call-leaves-a-line': 'fail',
      'failure-level': 'fail',
      'request-id': 'inconclusive',
      'standard-streams': 'inconclusive',
    },
  ],
  ['failure-as-info', { 'failure-level': 'fail' }],
  ['no-request-id', { 'request-id': 'fail' }],
  [
    'stdout-only-file-log',
    {
      'one-object-a-line': 'inconclusive',
      unforgeable: 'inconclusive',
      'call-leaves-a-line': 'fail',
      'failure-level': 'fail',
      'request-id': 'inconclusive',
      'standard-streams': 'fail',
    },
  ],
  ['key-in-log', { 'no-leak-at-runtime': 'fail' }],
  ['key-in-error', { 'no-leak-at-runtime': 'fail' }],
  ['key-in-health', { 'no-leak-at-runtime': 'fail' }],
  ['forwards-token', { 'token-not-forwarded': 'fail' }],
];
const defects: Record<Language, typeof common> = {
  Node: common,
  // The example of many guides.
  Python: [...common, ['basic-config-log', { unforgeable: 'fail' }]],
};

describe.concurrent.each(Object.keys(languages) as Language[])(
  'the log of a ready server in %s',
  (language) => {
    it('is whole, tells of each call, and holds no secret', async () => {
      const seen = await seenOn(language);
      expect(notPassed(seen)).toEqual({});
      const finding = (criterion: string) => judgeCriterion(row, criterion, seen).finding;
      expect(finding('one-object-a-line')).toMatch(
        /^While serving 3 calls, the server wrote \d+ lines\. Each is a JSON object/,
      );
      expect(finding('unforgeable')).toMatch(/The argument appears in 1 line, escaped\.$/);
      expect(finding('failure-level')).toMatch(
        /^The server logged a line of level error for a call made while the upstream reset connections\.$/,
      );
      expect(finding('request-id')).toMatch(/x-request-id/);
      const forwarded = judgeCriterion('secrets-in-environment', 'token-not-forwarded', seen).finding;
      expect(forwarded).toMatch(
        /The server sent WEATHER_API_KEY to api\.weather\.test \(query key\) instead\.$/,
      );
    });

    it('is judged where an argument is too short for a whole entry', async () => {
      // What is longer is refused before it is logged.
      const env = { CITY_LENGTH: '20' };
      const seen = await seenOn(language, undefined, env);
      expect(notPassed(seen)).toEqual({});
      expect(judgeCriterion(row, 'unforgeable', seen).finding).toMatch(
        /^A quote, a newline and a forged line in argument "city" .* 1 line, escaped\.$/,
      );
      const broken = await seenOn(language, 'format-string-log', env);
      expect(notPassed(broken)).toEqual({ unforgeable: 'fail' });
    });

    it('is judged where the tool refuses newlines before it logs them', async () => {
      const env = { CITY_LINES: 'refused' };
      const seen = await seenOn(language, undefined, env);
      expect(notPassed(seen)).toEqual({});
      expect(judgeCriterion(row, 'unforgeable', seen).finding).toBe(
        'In argument "city", the server escaped a quote and refused a newline. It accepted the same text without them.',
      );
      const broken = await seenOn(language, 'format-string-log', env);
      expect(notPassed(broken)).toEqual({ unforgeable: 'fail' });
    });

    it.each(defects[language])('with %s fails by that alone', async (defect, verdicts) => {
      expect(notPassed(await seenOn(language, defect))).toEqual(verdicts);
    });
  },
);

it.concurrent('the access log of a small Python server is text without levels, and tells of each call', async () => {
  const plan = { command: '/usr/bin/python3 server.py', env: { CLIENT: 'urllib' } };
  const seen = await experimentsOn(plan, 'logging');
  expect(notPassed(seen)).toEqual({
    'one-object-a-line': 'fail',
    'failure-level': 'inconclusive',
    'request-id': 'inconclusive',
  });
});

it.concurrent('a server that writes nothing at all fails where lines are asked for', async () => {
  const seen = await experimentsOn({ command: 'node server.mjs', env: { CLIENT: 'fetch' } }, 'logging');
  expect(notPassed(seen)).toMatchObject({
    'one-object-a-line': 'inconclusive',
    'call-leaves-a-line': 'fail',
    'standard-streams': 'fail',
  });
});

it.concurrent.each([
  ['TypeScript', 'node --import tsx numbers.ts'],
  ['Python', '/usr/bin/python3 numbers.py'],
])('a tool without text is judged by what its server refuses: %s', async (_, command) => {
  const plan = { command, directory: `${servers}/shapes`, upstream: {}, secrets: [] };
  const unforgeable = async (env = {}) =>
    judgeCriterion(row, 'unforgeable', await experimentsOn({ ...plan, env }, 'logging'));
  expect(await unforgeable()).toMatchObject({
    verdict: 'pass',
    finding: expect.stringMatching(
      /^A quote, a newline and a forged line in argument "days", which takes no text, did not reach the log\. .* in an argument that the tool does not have changed no line either\.$/,
    ),
  });
  expect(await unforgeable({ DEFECT: 'format-string-log' })).toMatchObject({
    verdict: 'fail',
    finding: expect.stringMatching(/in argument "days", which takes no text, forged an entry\./),
  });
});
