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
  /** Told what is being waited for. */
  onStep: (text: string) => void;
}

export interface ScaffoldResult {
  /** Undefined when it was not asked for. */
  install: InstallResult | undefined;
  git: GitResult | undefined;
}

/**
 * Carries out a plan: writes the files, installs the dependencies, makes the repository, and only then puts the project in
 * its place.
 *
 * @throws ScaffoldProblem usage: the place cannot be written to; interrupted: the signal aborted. Nothing is left behind.
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
      onStep('Making a git repository ...');
      result.git = await initialiseRepository(directory, target.nearest, env, signal);
      stopIfInterrupted(signal);
    }
    return result;
  };
  onStep('Writing files ...');
  return writeProject(plan, target, prepare, signal);
}
