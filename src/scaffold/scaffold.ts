import { type GitResult, initialiseRepository } from './git.ts';
import { type InstallResult, installDependencies } from './install.ts';
import type { Plan } from './plan.ts';
import { stopIfInterrupted } from './problem.ts';
import type { Target } from './target.ts';
import { writeProject } from './write.ts';

export interface ScaffoldSteps {
  install: boolean;
  git: boolean;
}

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Called with the current step. */
  onStep: (text: string) => void;
}

export interface ScaffoldResult {
  /** Undefined if the step was not requested. */
  install: InstallResult | undefined;
  git: GitResult | undefined;
}

/**
 * Carries out a plan: writes the files, installs the dependencies, creates the repository, and only then moves the project
 * into place.
 *
 * @throws ScaffoldProblem usage: the directory is not writable; interrupted: the signal aborted. No files are left behind.
 */
export function carryOut(
  plan: Plan,
  target: Target,
  steps: ScaffoldSteps,
  { env, signal, onStep }: Surroundings,
): Promise<ScaffoldResult> {
  const prepare = async (directory: string): Promise<ScaffoldResult> => {
    const result: ScaffoldResult = { install: undefined, git: undefined };
    if (steps.install) {
      onStep(`Installing dependencies with ${plan.pm.name} ...`);
      result.install = await installDependencies(directory, plan.pm.name, env, signal);
      stopIfInterrupted(signal);
    }
    if (steps.git) {
      onStep('Creating a Git repository ...');
      result.git = await initialiseRepository(directory, target.nearest, env, signal);
      stopIfInterrupted(signal);
    }
    return result;
  };
  onStep('Writing files ...');
  return writeProject(plan, target, prepare, signal);
}
