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
  why: 'Without rate, errors and duration nobody can tell whether the server is slower than yesterday, or which tool is.',
  fix: 'Expose Prometheus metrics for requests, errors and duration by tool, or export them through OpenTelemetry.',
  basis: [
    'Prometheus exposition formats: https://prometheus.io/docs/instrumenting/exposition_formats/',
    'Google SRE Book, Monitoring Distributed Systems: https://sre.google/sre-book/monitoring-distributed-systems/',
  ],
  remedies,
  only: { transport: 'http', because: 'it listens nowhere, so that nothing can be scraped' },
  headline: 'exposed',
  criteria: [
    {
      id: 'exposed',
      kind: 'core',
      title: 'Rate, errors and duration can be scraped or are exported',
      declared: judgeSource,
      reads: ['source'],
      observed: judgeExposed,
    },
  ],
};

/** Metrics that are made and shown. A library that counts without anybody reading it helps nobody. */
function judgeSource(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const measures = source.metrics.filter(({ role }) => role === 'measures');
  const exposes = source.metrics.filter(({ role }) => role === 'exposes');
  const name = ({ library }: { library: string }) => library;
  if (measures.length > 0 && exposes.length > 0) {
    return pass(
      `The source measures with ${listOf(measures, name)}, and ${listOf(exposes, name)} shows it.`,
      ...placesOf([...measures, ...exposes]),
    );
  }
  if (measures.length > 0) {
    return inconclusive(
      `The source measures with ${listOf(measures, name)}; what shows it was not recognised.`,
    );
  }
  return inconclusive(
    'No metrics library was recognised in the source; name a running server, whose metrics can be read.',
  );
}
