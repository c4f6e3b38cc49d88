import { basename, resolve } from 'node:path';
import { requireValidName } from './package-name.ts';
import { ScaffoldProblem } from './problem.ts';
import { type Selections, withDefaults } from './selections.ts';

/** What the command line gives. Missing entries are asked for, or get their default. */
export interface PartialAnswers {
  directory?: string;
  name?: string;
  selections: Selections;
}

export interface Answers {
  /** Absolute. */
  directory: string;
  /** Valid as the name of a new npm package. */
  name: string;
  selections: Selections;
}

export const defaultDirectory = 'weather-mcp-server';

/** The package name that a directory suggests. */
export function nameOfDirectory(directory: string, cwd: string): string {
  return basename(resolve(cwd, directory));
}

/**
 * The directory's absolute path.
 *
 * @throws ScaffoldProblem (usage) if it is empty. That is usually an unset variable, not the working directory.
 */
export function resolveDirectory(directory: string, cwd: string): string {
  if (directory.trim() === '')
    throw new ScaffoldProblem(
      'usage',
      "The directory's name is empty.",
      'For the working directory, run: mcp-prod init .',
    );
  return resolve(cwd, directory);
}

/**
 * Fills in defaults.
 *
 * @throws ScaffoldProblem (usage) if npm does not accept the name
 */
export function complete(given: PartialAnswers, cwd: string): Answers {
  const directory = resolveDirectory(given.directory ?? defaultDirectory, cwd);
  const name = given.name ?? basename(directory);
  requireValidName(name);
  return { directory, name, selections: withDefaults(given.selections) };
}
