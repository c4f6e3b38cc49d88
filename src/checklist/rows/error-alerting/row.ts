import { provenBy } from '../../reading/lab/proven-by.ts';
import { needsExperiment, type Row } from '../../row.ts';
import { judgeAlerts } from './alerts.ts';
import { judgeAlerting } from './declared-alerting.ts';
import { remedies } from './remedies.ts';

export const errorAlerting: Row = {
  id: 'error-alerting',
  title: 'Error alerting',
  category: 'Operations',
  level: 'recommended',
  why: 'A log line that nobody is told about is found by the user who complains.',
  fix: 'Alert on the error rate (a Prometheus rule with Alertmanager, an error tracker, or a webhook), deduplicated, so that one outage is one page.',
  basis: [
    'Production checklist: Operations, "Error alerting" (Recommended)',
    'Google SRE Book, Monitoring Distributed Systems: https://sre.google/sre-book/monitoring-distributed-systems/',
  ],
  remedies,
  headline: 'failure-raises-alert',
  criteria: [
    {
      id: 'rule-declared',
      kind: 'core',
      title: 'An alert rule with a receiver, or an error tracker, is declared',
      declared: judgeAlerting,
      reads: ['observability', 'source'],
    },
    {
      id: 'failure-raises-alert',
      kind: 'core',
      title: 'Failures raise an alert, and a burst of failures is not a burst of alerts',
      fix: 'Send an alert when failures pile up, and then none of the same kind for a while; let the URL come from the environment.',
      proven: provenBy('alerts', judgeAlerts),
      unknownReason: needsExperiment('provoke failures with a receiver of our own in place of the alert URL'),
    },
  ],
};
