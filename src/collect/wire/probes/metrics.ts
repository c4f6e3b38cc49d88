import type { MetricsEvidence } from '../../../evidence/wire.ts';
import { directoryOf, usualMetricsPath } from '../../../protocol/usual-paths.ts';
import { type Run, together } from '../run.ts';
import { atPath } from './endpoints.ts';
import { readExposition } from './exposition.ts';

/** GETs the metrics at the usual path and beside the named URL, without credentials. */
export async function probeMetrics(run: Run): Promise<MetricsEvidence[]> {
  const paths = [...new Set([`${directoryOf(run.options.url)}metrics`, usualMetricsPath])];
  const read = await together(paths.map((path) => get(run, path)));
  return read.filter((entry) => entry !== undefined);
}

async function get(run: Run, path: string): Promise<MetricsEvidence | undefined> {
  const accept = 'text/plain;version=0.0.4, application/openmetrics-text;q=0.9, */*;q=0.1';
  const url = atPath(run.options.url, path);
  const response = await run.prober.get(`metrics at ${path}, without credentials`, url, accept);
  if (response === undefined) return undefined;
  const families = response.answer?.status === 200 ? readExposition(response.answer.text) : null;
  return { path, exchange: response.exchange.id, families };
}
