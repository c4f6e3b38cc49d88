import { describe, expect, it } from 'vitest';
import { rateLimiting } from '../../src/checklist/rows/rate-limiting/row.ts';
import { judgeCriterion, judgeRow } from '../support/rows.ts';
import { inEachLanguage, type Language, readyPlan } from './ready.ts';
import { experimentsOn } from './support.ts';

const statement = 'Kong limits each consumer.';
const attested = Object.fromEntries(
  rateLimiting.criteria.map(({ id }) => [`rate-limiting/${id}`, statement]),
);

describe.concurrent.each(inEachLanguage)('limits at the gateway, before a server in %s', (_, server) => {
  const seenOf = (defect: string) =>
    experimentsOn({ ...server, env: { MCP_AUTH: 'none', DEFECT: defect } }, 'rate-limit');

  it('stand where the bare server has none, and the report says so', async () => {
    const seen = await seenOf('no-limit');
    expect(judgeRow('rate-limiting', seen).verdict).toBe('fail');
    expect(judgeRow('rate-limiting', { ...seen, attested })).toMatchObject({
      verdict: 'pass',
      proof: 'attested',
      contradictions: [],
    });
    expect(judgeCriterion('rate-limiting', 'limited', { ...seen, attested }).finding).toMatch(
      /^Attested: Kong limits each consumer\. In the lab the server itself failed: The server served all 120 /,
    );
  });

  it('do not answer for what was not attested, and are not needed where the server limits', async () => {
    const one = { 'rate-limiting/limited': statement };
    const shared = { ...(await seenOf('one-bucket')), attested: one };
    expect(judgeRow('rate-limiting', shared)).toMatchObject({ verdict: 'fail', proof: 'proven' });
    expect(judgeCriterion('rate-limiting', 'limited', shared)).toMatchObject({ proof: 'proven' });
  });
});

describe.concurrent.each<Language>(['Node', 'Python'])(
  'without an upstream, SIGTERM to a server in %s',
  (language) => {
    const judged = async (answers: string, defect = '') => {
      const seen = await experimentsOn(
        readyPlan(language, defect, { env: { ANSWERS: answers } }),
        'shutdown',
      );
      return judgeCriterion('graceful-shutdown', 'call-finishes', { ...seen, noUpstream: true });
    };

    it('during a call that takes long by itself is judged', async () => {
      expect(await judged('slow')).toMatchObject({ verdict: 'pass', proof: 'proven' });
      expect(await judged('slow', 'exit-at-once')).toMatchObject({ verdict: 'fail', proof: 'proven' });
    });

    it('loses no call where none takes long', async () => {
      expect(await judged('local')).toMatchObject({ verdict: 'not-applicable' });
    });
  },
);
