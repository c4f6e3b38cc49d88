import { judgeExposed } from '../reading/metric-families.ts';
import type { Row } from '../row.ts';

export const metrics: Row = {
  id: 'metrics',
  title: 'Metrics exposed',
  category: 'Operations',
  level: 'recommended',
  why: 'Without rate, errors and duration nobody can tell whether the server is slower than yesterday, or which tool is.',
  fix: 'Expose Prometheus metrics for requests, errors and duration by tool, or export them through OpenTelemetry.',
  basis: [
    'Prometheus exposition formats: https://prometheus.io/docs/instrumenting/exposition_formats/',
    'Google SRE Book, Monitoring Distributed Systems: https://sre.google/sre-book/monitoring-distributed-systems/',
  ],
  criteria: [
    {
      id: 'exposed',
      kind: 'core',
      title: 'Rate, errors and duration can be scraped or are exported',
      observed: judgeExposed,
    },
  ],
};
