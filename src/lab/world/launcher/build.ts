import { LabProblem } from '../../problem.ts';
import { startClock } from '../clock.ts';
import type { Site } from '../site.ts';
import { buildEnvironment } from './environment.ts';
import { type StartedProcess, startProcess } from './process.ts';

/**
 * Runs the project's build to its end. It is the project's code as the server is, and gets none of the auditor's tokens.
 *
 * @throws LabProblem when it fails; the reason of an abort, after it was ended
 */
export async function build(site: Site, command: string): Promise<void> {
  const { plan, canaries, inspector, watchdog } = site;
  plan.signal.throwIfAborted();
  const building = startProcess({
    command,
    directory: plan.directory,
    environment: buildEnvironment(process.env),
    canaries,
    inspector,
    watchdog,
    now: startClock(),
  });
  try {
    const { code, signal } = await endOf(building, plan.signal);
    if (code === 0) return;
    await building.outputEnded();
    const last = building.output.facts().lines.findLast(({ text }) => text.trim() !== '')?.text;
    throw new LabProblem(
      'project',
      `"${canaries.mask(command)}" ended ${signal === null ? `with code ${code}` : `by ${signal}`}.${last === undefined ? '' : ` Its last line: ${last.slice(0, 300)}`}`,
      'Mend the build, or leave "build" out of the configuration.',
    );
  } finally {
    await building.stop();
  }
}

function endOf({ exited }: StartedProcess, signal: AbortSignal): StartedProcess['exited'] {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    exited.then((record) => {
      signal.removeEventListener('abort', leave);
      resolve(record);
    });
  });
}
