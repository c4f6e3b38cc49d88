import { LabProblem } from '../../problem.ts';
import { type TellProgress, withProgress } from '../../progress.ts';
import { startClock } from '../clock.ts';
import type { Host } from '../world.ts';
import { buildEnvironment } from './environment.ts';
import { type StartedProcess, startProcess } from './process.ts';

/**
 * Runs the project's build to its end, if the plan has one. It is the project's code, so it gets none of the auditor's tokens.
 *
 * @throws LabProblem when it fails; the reason of an abort, after it was ended
 */
export async function build(host: Host, tell: TellProgress): Promise<void> {
  const { build: command } = host.plan;
  if (command === undefined) return;
  await withProgress(tell, 'build', 'Does it build?', (step) => {
    step(command);
    return runBuild(host, command);
  });
}

async function runBuild(
  { plan, signal, canaries, inspector, watchdog }: Host,
  command: string,
): Promise<void> {
  signal.throwIfAborted();
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
    const { code, signal: endedBy } = await endOf(building, signal);
    if (code === 0) return;
    await building.outputEnded();
    const last = building.output.facts().lines.findLast(({ text }) => text.trim() !== '')?.text;
    throw new LabProblem(
      'project',
      `"${canaries.mask(command)}" ended ${endedBy === null ? `with code ${code}` : `by ${endedBy}`}.${last === undefined ? '' : ` Its last line: ${last.slice(0, 300)}`}`,
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
