import { randomUUID } from 'node:crypto';
import type { HealthEvidence } from '../../../evidence/wire.ts';
import { directoryOf, orchestratorPaths, usualHealthPaths } from '../../../protocol/usual-paths.ts';
import { type Run, together } from '../run.ts';
import { atPath } from './endpoints.ts';

/**
 * GETs the health path, or when none is named the usual ones and the one beside the named URL; the paths that the project's own health checks poll; and
 * one path that cannot exist.
 */
export async function probeHealth(run: Run): Promise<HealthEvidence> {
  const { healthPath, polledPaths = [] } = run.options;
  // Behind a path prefix the root may belong to another server.
  const beside = `${directoryOf(run.options.url)}health`;
  const named =
    healthPath === undefined
      ? [...new Set([beside, ...usualHealthPaths, ...orchestratorPaths])]
      : [healthPath];
  const paths = [...new Set([...named, ...polledPaths])];
  const [control, answers] = await together([
    get(run, `/${randomUUID()}`, 'a path that cannot exist'),
    together(paths.map((path) => get(run, path, `health at ${path}`))),
  ]);
  const found = answers.filter((entry) => entry !== undefined);
  return {
    named: healthPath !== undefined,
    paths: found.filter(({ path }) => named.includes(path)),
    control: control ?? null,
    polled: found.filter(({ path }) => polledPaths.includes(path)),
  };
}

async function get(run: Run, path: string, purpose: string) {
  const url = atPath(run.options.url, path);
  const seen = await run.prober.get(`${purpose}, without credentials`, url, 'application/json, */*;q=0.5');
  return seen === undefined ? undefined : { path, exchange: seen.exchange.id };
}
