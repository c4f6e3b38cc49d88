import type { ShutdownHistory } from '../../../evidence/lab/shutdown.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import { howItEnded } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import type { Moment } from '../../row.ts';
import { longestStopMs } from './time-to-stop.ts';

export const moment = momentsOf('shutdown');

export const notSignalled =
  'SIGTERM ended the start command, but not all of its processes. How the server handles SIGTERM is unknown. Start the server directly.';

/** Whether the start command ended, but some of its processes still run a while later. */
export const outlivedCommand = ({ launch, leftAfterwards }: ShutdownHistory): boolean =>
  launch.exit !== null && leftAfterwards.processes.length > 0;

/** What happened, for a report: the signal, these moments and the exit. */
export function sourcesOf({ signalMs, launch: { exit } }: ShutdownHistory, ...moments: Moment[]): Moment[] {
  const exits = exit === null ? [] : [moment(exit.atMs, `the start command ended ${howItEnded(exit)}`)];
  return [moment(signalMs, 'SIGTERM to the start command'), ...moments, ...exits];
}

/** How long the server may take to stop: Docker's 10 s, or what a deployment allows where that is longer. */
export function stopLimit(project: ProjectEvidence | undefined): { ms: number; text: string } {
  const dockerMs = 10_000;
  const declaredMs = project === undefined ? 0 : longestStopMs(project);
  if (declaredMs === Number.POSITIVE_INFINITY)
    return { ms: declaredMs, text: 'its deployment sets no known limit' };
  return declaredMs > dockerMs
    ? { ms: declaredMs, text: `its deployment allows ${declaredMs / 1000} s` }
    : { ms: dockerMs, text: `Docker waits ${dockerMs / 1000} s` };
}
