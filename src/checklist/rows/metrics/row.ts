import type { ProjectEvidence } from '../../../evidence/project.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeExposed } from './metric-families.ts';
import { remedies } from './remedies.ts';

export const metrics: Row = {
  id: 'metrics',
  title: 'Metrics exposed',
  category: 'Operations',
  level: 'recommended',
  why: 'Without rate, errors and duration, you cannot see whether the server got slower, or which tool did.',
  fix: 'Expose Prometheus metrics of requests, errors and duration by tool, or export them with OpenTelemetry.',
  basis: [
    'Prometheus exposition formats: https://prometheus.io/docs/instrumenting/exposition_formats/',
    'Google SRE Book, Monitoring Distributed Systems: https://sre.google/sre-book/monitoring-distributed-systems/',
  ],
  remedies,
  only: { transport: 'http', because: 'it listens on no port that could be scraped' },
  headline: 'exposed',
  criteria: [
    {
      id: 'exposed',
      kind: 'core',
      attestable: { by: 'an agent that measures the server from outside' },
      title: 'The server exposes or exports rate, errors and duration',
      declared: judgeSource,
      reads: ['source'],
      observed: judgeExposed,
    },
  ],
};

/** Judges whether the source both measures and exposes metrics. */
function judgeSource(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const measures = source.metrics.filter(({ role }) => role === 'measures');
  const exposes = source.metrics.filter(({ role }) => role === 'exposes');
  const name = ({ library }: { library: string }) => library;
  if (measures.length > 0 && exposes.length > 0) {
    return pass(
      `The source measures with ${listOf(measures, name)} and exposes metrics with ${listOf(exposes, name)}.`,
      ...placesOf([...measures, ...exposes]),
    );
  }
  if (measures.length > 0) {
    return inconclusive(
      `The source measures with ${listOf(measures, name)}. How it exposes metrics is unknown.`,
    );
  }
  return inconclusive('The audit recognised no metrics library in the source.');
}
