import { LabProblem } from '../../problem.ts';
import { type ReportProgress, withProgress } from '../../progress.ts';
import { startClock } from '../clock.ts';
import type { Host } from '../world.ts';
import { buildEnvironment } from './environment.ts';
import { exitText, printedText } from './exit-text.ts';
import { startProcess } from './process.ts';
import { waitForExit } from './termination.ts';

/**
 * Runs the build of the project, if the plan has one. It is the project's code, so it gets none of the auditor's tokens.
 *
 * @throws LabProblem when it fails; the reason of an abort, after the build was stopped
 */
export async function build(host: Host, report: ReportProgress): Promise<void> {
  const { build: command } = host.plan;
  if (command === undefined) return;
  await withProgress(report, 'build', 'Does the project build?', (step) => {
    step(command);
    return runBuild(host, command);
  });
}

/** The longest delay of a timer. A build has no time limit but the budget. */
const maxDelayMs = 2 ** 31 - 1;

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
    await waitForExit(building, maxDelayMs, signal);
    const exit = building.exit();
    if (exit?.code === 0) return;
    await building.outputEnded();
    throw new LabProblem(
      'project',
      `The build "${canaries.mask(command)}" ${exitText(exit)}.${printedText(building.output.facts())}`,
      'Fix the build, or remove "build" from the configuration.',
    );
  } finally {
    await building.stop();
  }
}
