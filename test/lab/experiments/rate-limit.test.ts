import { describe, expect, it } from 'vitest';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import { inEachLanguage, languages } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const row = 'rate-limiting';
/** Told apart by their addresses. */
const open = { MCP_AUTH: 'none' };
/** Told apart by their keys. */
const twoKeys = { MCP_API_KEY: '${MCP_API_KEY},${SECOND_CLIENT}' };

describe.concurrent.each(inEachLanguage)('the rate limit of a server in %s', (_language, server) => {
  const seenOf = (env: Record<string, string>, limitsEnv?: Record<string, string>) =>
    experimentsOn({ ...server, env, ...(limitsEnv !== undefined && { limitsEnv }) }, 'rate-limit');

  it('is met, is each client’s own, and recovers a minute later on a simulated clock', async () => {
    const seen = await seenOf(open);
    const { verdict, proof, criteria } = judgeRow(row, seen);
    expect({ verdict, proof }).toEqual({ verdict: 'pass', proof: 'proven' });
    expect(criteria.map((criterion) => criterion.verdict)).toEqual(criteria.map(() => 'pass'));
    expect(judgeCriterion(row, 'recovers', seen).finding).toMatch(
      /^\d\d\.\d s later on a simulated clock, as Retry-After asked: POST \/mcp → 200 in \d+ ms\. The server served/,
    );
  });

  it('recovers in real time where the configuration makes it short, and is that of each key', async () => {
    const seen = await seenOf({}, { ...twoKeys, RATE_LIMIT: '25', RATE_WINDOW: '3' });
    expect(judgeCriterion(row, 'per-client', seen)).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: expect.stringMatching(/ served another client with its own credential at 127\.0\.0\.2: /),
    });
    const { verdict, finding } = judgeCriterion(row, 'recovers', seen);
    expect({ verdict, finding }).toEqual({
      verdict: 'pass',
      finding: expect.stringMatching(/^[1-4]\.\d s after the last refusal, as Retry-After asked: /),
    });
  });

  it('fails where all keys have one together', async () => {
    const failed = judgeCriterion(row, 'per-client', await seenOf({ DEFECT: 'one-bucket' }, twoKeys));
    expect(failed).toMatchObject({ verdict: 'fail', proof: 'proven' });
    expect(failed.finding).toMatch(/then limited another client with its own credential at 127\.0\.0\.2: /);
  });

  it.each([
    [
      'no-limit',
      'limited',
      /^The server served all 120 tools\/list requests in \d+\.\d s, and limited none\.$/,
    ],
    [
      'limits-failures-only',
      'limited',
      /^The server served all 120 tools\/list requests in \d+\.\d s, and limited none\.$/,
    ],
    ['lies-in-retry-after', 'recovers', /^1\.1 s after the last refusal, .* → 429 in /],
    [
      'one-bucket',
      'per-client',
      /^One client used up the limit\. The server then limited another client without credentials at 127\.0\.0\.2: POST \/mcp → 429 in /,
    ],
    [
      'arrays-as-one',
      'counts-calls',
      /^The server answered JSON-RPC arrays of \d+ and \d+ tools\/list requests with \d+ results\. The burst reached the limit after at most \d+ requests\.$/,
    ],
    [
      'trusts-forwarded-for',
      'unforgeable',
      /^The server served \d+ requests of the limited client, each with a different forged X-Forwarded-For: /,
    ],
  ])('fails with %s', async (defect, criterion, finding) => {
    const seen = await seenOf({ ...open, DEFECT: defect });
    const failed = judgeCriterion(row, criterion, seen);
    expect(failed).toMatchObject({ verdict: 'fail', proof: 'proven' });
    expect(failed.finding).toMatch(finding);
    const core = judgeRow(row, seen).criteria.filter(({ kind }) => kind === 'core');
    expect(core.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([criterion]);
  });
});

it.concurrent('sends no burst where none is wanted', async () => {
  const seen = await experimentsOn({ ...languages.Node, burst: false }, 'rate-limit');
  expect(judgeCriterion(row, 'limited', seen)).toMatchObject({
    verdict: 'inconclusive',
    reason: 'This experiment sends a burst, and --no-burst forbids it. Leave out --no-burst.',
  });
});
