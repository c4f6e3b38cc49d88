import { basename, resolve } from 'node:path';
import { requireValidName } from './package-name.ts';
import { ScaffoldProblem } from './problem.ts';
import { type Selections, withDefaults } from './selections.ts';

/** What is known about the wish before anything is asked. Missing entries are asked for, or get their default. */
export interface Wishes {
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

/** The name that a directory suggests: its own. */
export function nameOfDirectory(directory: string, cwd: string): string {
  return basename(resolve(cwd, directory));
}

/**
 * The directory's absolute path.
 *
 * @throws ScaffoldProblem (usage) when it is empty, as an unset variable of a script is: that is not the working directory
 */
export function resolveDirectory(directory: string, cwd: string): string {
  if (directory.trim() === '')
    throw new ScaffoldProblem(
      'usage',
      "The directory's name is empty.",
      'For the working directory write: mcp-prod init .',
    );
  return resolve(cwd, directory);
}

/**
 * Fills in defaults.
 *
 * @throws ScaffoldProblem (usage) when the name is not acceptable to npm
 */
export function complete(wishes: Wishes, cwd: string): Answers {
  const directory = resolveDirectory(wishes.directory ?? defaultDirectory, cwd);
  const name = wishes.name ?? basename(directory);
  requireValidName(name);
  return { directory, name, selections: withDefaults(wishes.selections) };
}
