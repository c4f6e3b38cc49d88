import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage, languages } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const judge = (seen: Awaited<ReturnType<typeof experimentsOn>>) =>
  judgeCriterion('error-alerting', 'failure-raises-alert', seen);

describe.concurrent.each(inEachLanguage)('the alerts of a server in %s', (_language, server) => {
  const seenOf = (defect?: string) =>
    experimentsOn(
      {
        ...server,
        patienceMs: 5_000,
        alertEnv: 'ALERT_WEBHOOK_URL',
        ...(defect !== undefined && { env: { DEFECT: defect } }),
      },
      'alerts',
    );

  it('are one for a burst of failures', async () => {
    const seen = await seenOf();
    const { verdict, proof, finding } = judge(seen);
    expect({ verdict, proof }).toEqual({ verdict: 'pass', proof: 'proven' });
    expect(finding).toMatch(/^12 failed calls sent 1 alert, the first \d\.\d s after the upstream failed\.$/);
    const history = seen.lab?.experiments.alerts;
    expect(history?.ran && history.history.receipts).toEqual([
      expect.objectContaining({ method: 'POST', path: '/alerts', body: expect.stringContaining('"text"') }),
    ]);
  });

  it.each([
    [
      'no-alert',
      /^12 calls failed\. The server sent nothing to the URL in ALERT_WEBHOOK_URL within \d\.\d s of the last failure\.$/,
    ],
    ['alert-storm', /^12 failed calls sent 12 alerts; the limit is 4\./],
  ])('fail with %s', async (defect, finding) => {
    const judgement = judge(await seenOf(defect));
    expect(judgement).toMatchObject({ verdict: 'fail', proof: 'proven' });
    expect(judgement.finding).toMatch(finding);
  });
});

it.concurrent('does not judge alerts without a known URL', async () => {
  const { verdict, reason } = judge(await experimentsOn(languages.Node, 'alerts'));
  expect({ verdict, reason }).toEqual({
    verdict: 'inconclusive',
    reason: expect.stringContaining('"alert"'),
  });
});
