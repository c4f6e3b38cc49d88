import { describe, expect, it } from 'vitest';
import type { ObservabilityFacts } from '../../../src/evidence/observability.ts';
import { at, project, source } from '../../support/evidence.ts';
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

  it('says what is missing, and accuses nobody of what may stand elsewhere', () => {
    expect(judge({ alertRules: [rule] }).reason).toContain('no receiver');
    expect(judge({ alertReceivers: [receiver] }).reason).toContain('no alert rule');
    expect(judge({}).verdict).toBe('inconclusive');
    const aside = { ...rule, at: at('examples/alerts.yml') };
    expect(judge({ alertRules: [aside], alertReceivers: [receiver] }).verdict).toBe('inconclusive');
  });
});
