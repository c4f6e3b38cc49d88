import { randomUUID } from 'node:crypto';
import type { HealthEvidence } from '../../../evidence/wire.ts';
import { directoryOf, usualHealthPaths } from '../../../protocol/usual-paths.ts';
import { type Run, together } from '../run.ts';
import { atPath } from './endpoints.ts';

/**
 * GETs the health path. If none is named: the usual ones, and the one beside the named URL. It also GETs the paths that the
 * project's health checks poll, and a made-up path.
 */
export async function probeHealth(run: Run): Promise<HealthEvidence> {
  const { healthPath, polledPaths = [] } = run.options;
  // Behind a path prefix the root may belong to another server.
  const beside = `${directoryOf(run.options.url)}health`;
  const named = healthPath === undefined ? [...new Set([beside, ...usualHealthPaths])] : [healthPath];
  const paths = [...new Set([...named, ...polledPaths])];
  const [control, answered] = await together([
    get(run, `/${randomUUID()}`, 'a made-up path'),
    together(paths.map((path) => get(run, path, `health at ${path}`))),
  ]);
  const found = answered.filter((entry) => entry !== undefined);
  return {
    named: healthPath !== undefined,
    paths: found.filter(({ path }) => named.includes(path)),
    control: control ?? null,
    polled: found.filter(({ path }) => polledPaths.includes(path)),
  };
}

async function get(run: Run, path: string, purpose: string) {
  const url = atPath(run.options.url, path);
  const response = await run.prober.get(
    `${purpose}, without credentials`,
    url,
    'application/json, */*;q=0.5',
  );
  return response && { path, exchange: response.exchange.id };
}
