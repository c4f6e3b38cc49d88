import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { type Language, readyPlan } from '../ready.ts';
import { experimentsOn } from '../support.ts';

describe.concurrent.each<Language>(['Node', 'Python'])('running out of descriptors, in %s', (language) => {
  it.each([
    [
      'is survived',
      '',
      'pass',
      /It ran out of files\. After the connections closed, it served again: GET \/health → HTTP 200 and a call with a result\.$/,
    ],
    [
      'ends a server',
      'dies-at-emfile',
      'fail',
      /^The lab opened 60 connections to a server with a limit of \d+ open files\. The server ended with code /,
    ],
  ])('%s', async (_, defect, expected, words) => {
    const seen = await experimentsOn(readyPlan(language, defect), 'descriptors');
    const { verdict, proof, finding } = judgeCriterion('connection-limits', 'survives-exhaustion', seen);
    expect({ verdict, proof, finding }).toMatchObject({ verdict: expected, proof: 'proven' });
    expect(finding).toMatch(words);
  });
});
