import { provenBy, readsLab } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeAlerts, judgeOwnAlerts } from './alerts.ts';
import { judgeAlerting } from './declared-alerting.ts';
import { remedies } from './remedies.ts';

export const errorAlerting: Row = {
  id: 'error-alerting',
  title: 'Error alerting',
  category: 'Operations',
  level: 'recommended',
  why: 'Without alerts, the first report of an outage comes from a user.',
  fix: 'Alert on the error rate with a Prometheus rule and Alertmanager, an error tracker, or a webhook. Deduplicate: one outage sends one alert.',
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
      attestable: { by: 'alerts in the team’s monitoring' },
      title: 'Alerts have a rule and a receiver, or an error tracker receives errors',
      declared: judgeAlerting,
      reads: ['observability', 'source'],
      proven: readsLab(['alerts'], ({ experiments: { alerts } }) =>
        alerts?.ran ? judgeOwnAlerts(alerts.history) : undefined,
      ),
    },
    {
      id: 'failure-raises-alert',
      kind: 'core',
      about: 'upstream',
      attestable: { by: 'alerts in the team’s monitoring' },
      title: 'Failures raise an alert, and a burst of failures raises only a few',
      fix: 'Send an alert after several failures, then none of the same kind for a few minutes. Read the URL from the environment.',
      proven: provenBy('alerts', judgeAlerts),
      experiment: 'make calls fail and receive the alerts',
    },
  ],
};
