import { describe, expect, it } from 'vitest';
import type { AlertsHistory } from '../../../src/evidence/lab/alerts.ts';
import type { CallOutcome } from '../../../src/evidence/lab/client.ts';
import type { ObservabilityFacts } from '../../../src/evidence/observability.ts';
import { at, project, source } from '../../support/evidence.ts';
import { callOf, labOf, launchOf, quietGateway } from '../../support/lab-evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const rule = { tool: 'Prometheus', name: 'HighErrorRate', at: at('deploy/alerts.yml', 5) };
const receiver = { tool: 'Alertmanager', name: 'team', at: at('deploy/alertmanager.yml', 8) };
const judge = (differs: Partial<ObservabilityFacts>, trackers: string[] = []) =>
  judgeCriterion('error-alerting', 'rule-declared', {
    project: project({
      observability: { logCollectors: [], alertRules: [], alertReceivers: [], ...differs },
      source: source({
        mcpImports: [{ library: 'mcp', at: at('server.py') }],
        packages: [''],
        errorTrackers: trackers.map((library) => ({ library, at: at('server.py', 6) })),
      }),
    }),
  });

describe('error-alerting', () => {
  it('passes for a rule with a receiver, and for a tracker', () => {
    expect(judge({ alertRules: [rule], alertReceivers: [receiver] })).toMatchObject({
      verdict: 'pass',
      sources: [rule.at, receiver.at],
    });
    expect(judge({}, ['sentry_sdk'])).toMatchObject({ verdict: 'pass', sources: [at('server.py', 6)] });
  });

  it('names what is missing, and never fails: it may be configured elsewhere', () => {
    expect(judge({ alertRules: [rule] }).reason).toContain('no receiver');
    expect(judge({ alertReceivers: [receiver] }).reason).toContain('no alert rule');
    expect(judge({}).verdict).toBe('inconclusive');
    const aside = { ...rule, at: at('examples/alerts.yml') };
    expect(judge({ alertRules: [aside], alertReceivers: [receiver] }).verdict).toBe('inconclusive');
  });
});

describe('error-alerting in the lab', () => {
  const failed: CallOutcome = { kind: 'result', isError: true, text: 'No weather' };
  const labWith = (alerts: number, history: Partial<AlertsHistory> = {}, outcome: CallOutcome = failed) => ({
    lab: labOf({
      alerts: {
        ran: true,
        history: {
          launch: launchOf(),
          alertEnv: 'ALERT_URL',
          calls: Array.from({ length: 12 }, (_, n) =>
            callOf({ sentMs: 1_000 + n, endedMs: 1_100 + n, outcome }),
          ),
          receipts: Array.from({ length: alerts }, () => ({
            atMs: 1_050,
            method: 'POST',
            path: '/alerts',
            body: '{}',
          })),
          moreReceipts: 0,
          faultMs: 1_000,
          endedMs: 21_111,
          gateway: quietGateway,
          ...history,
        },
      },
    }),
  });
  const seen = (...given: Parameters<typeof labWith>) =>
    judgeCriterion('error-alerting', 'failure-raises-alert', labWith(...given));

  it('passes for a few alerts in a burst of failures', () => {
    expect(seen(1)).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: '12 failed calls sent 1 alert, the first 0.1 s after the upstream failed.',
    });
    expect(seen(4).verdict).toBe('pass');
    expect(seen(5)).toMatchObject({
      verdict: 'fail',
      finding: '12 failed calls sent 5 alerts; the limit is 4. Alerts are not deduplicated.',
    });
    expect(seen(2, { moreReceipts: 10 }).verdict).toBe('fail');
    expect(seen(0)).toMatchObject({
      verdict: 'fail',
      finding:
        '12 calls failed. The server sent nothing to the URL in ALERT_URL within 20.0 s of the last failure.',
    });
  });

  it('ignores alerts before the first failure', () => {
    expect(seen(3, { faultMs: 1_060 }).verdict).toBe('fail');
  });

  it('is inconclusive with few failures, or without recorded alerts', () => {
    expect(seen(0, {}, { kind: 'result', isError: false, text: '12 °C' }).verdict).toBe('inconclusive');
    expect(seen(0, {}, { kind: 'http-error', status: 429, message: 'HTTP 429' }).verdict).toBe(
      'inconclusive',
    );
    expect(seen(0, { moreReceipts: 1 }).verdict).toBe('inconclusive');
    expect(seen(0, {}, { kind: 'http-error', status: 502, message: 'HTTP 502' }).verdict).toBe('fail');
  });

  const declared = (...given: Parameters<typeof labWith>) =>
    judgeCriterion('error-alerting', 'rule-declared', {
      ...labWith(...given),
      project: project({
        observability: { logCollectors: [], alertRules: [rule], alertReceivers: [] },
        source: source({ mcpImports: [{ library: 'mcp', at: at('server.py') }], packages: [''] }),
      }),
    });

  it('has a rule and a receiver where an alert of the server arrived', () => {
    expect(declared(1)).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: 'The server itself sends alerts to the URL in ALERT_URL (1 alert for 12 failed calls).',
    });
    // Too many alerts are the concern of the other criterion.
    expect(declared(5).verdict).toBe('pass');
  });

  it('leaves the rule and the receiver to the files where no alert of the server arrived', () => {
    expect(declared(0)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('no receiver'),
    });
    expect(declared(3, { faultMs: 1_060 }).verdict).toBe('inconclusive');
    expect(declared(1, {}, { kind: 'result', isError: false, text: '12 °C' }).verdict).toBe('inconclusive');
  });
});
