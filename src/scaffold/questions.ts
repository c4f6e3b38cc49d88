import { checkbox, confirm, input, select } from '@inquirer/prompts';
import { defaultDirectory, nameOfDirectory, type PartialAnswers, resolveDirectory } from './answers.ts';
import { type ScaffoldOption, scaffoldOptions } from './options.ts';
import { nameProblem, suggestName } from './package-name.ts';
import { ScaffoldProblem } from './problem.ts';
import { parseSelection, type Selections, withImplied } from './selections.ts';
import { inspectTarget } from './target.ts';

/** The prompts. Tests pass their own. */
export interface Prompts {
  input: typeof input;
  select: typeof select;
  checkbox: typeof checkbox;
  confirm: typeof confirm;
}

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
}

/**
 * Asks for what is not given: directory, name and every option of the table.
 *
 * @throws ScaffoldProblem (interrupted) on Ctrl-C, or when `terminal.signal` aborts
 */
export async function ask(
  given: PartialAnswers,
  cwd: string,
  terminal: Terminal,
  prompts: Prompts = { input, select, checkbox, confirm },
): Promise<PartialAnswers> {
  try {
    const directory =
      given.directory ??
      (await prompts.input(
        {
          message: 'Project directory?',
          default: defaultDirectory,
          validate: (text) => directoryProblem(text, cwd),
        },
        terminal,
      ));
    const name = given.name ?? (await askName(nameOfDirectory(directory, cwd), prompts, terminal));
    const selections: Record<string, readonly string[]> = {};
    for (const option of scaffoldOptions) {
      selections[option.id] = given.selections[option.id] ?? (await askOption(option, prompts, terminal));
    }
    return { directory, name, selections: selections satisfies Selections };
  } catch (error) {
    // ExitPromptError: Ctrl-C or a closed terminal. AbortPromptError: the signal.
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) {
      throw new ScaffoldProblem('interrupted', 'Interrupted. No files were written.');
    }
    throw error;
  }
}

/** Validated at once: otherwise the answers to the other questions would be lost. */
async function directoryProblem(text: string, cwd: string): Promise<true | string> {
  // Only a shell expands it. Here it would become a directory with a dangerous name.
  if (text.startsWith('~')) return 'Write the home directory in full: only a shell expands "~".';
  try {
    await inspectTarget(resolveDirectory(text, cwd));
    return true;
  } catch (error) {
    if (error instanceof ScaffoldProblem) return error.message;
    throw error;
  }
}

function askName(ofDirectory: string, prompts: Prompts, terminal: Terminal): Promise<string> {
  return prompts.input(
    {
      message: 'Package name?',
      default:
        nameProblem(ofDirectory) === undefined ? ofDirectory : (suggestName(ofDirectory) ?? defaultDirectory),
      validate: (text) => {
        const problem = nameProblem(text);
        return problem === undefined || `npm does not accept this name: ${problem}`;
      },
    },
    terminal,
  );
}

async function askOption(
  option: ScaffoldOption,
  prompts: Prompts,
  terminal: Terminal,
): Promise<readonly string[]> {
  const message = option.question;
  const [first] = option.defaults;
  if (option.kind === 'switch')
    return parseSelection(option, await prompts.confirm({ message, default: first === 'on' }, terminal));
  if (option.kind === 'several') {
    const choices = option.choices.map(({ value, label }) => ({
      value,
      name: label,
      checked: option.defaults.includes(value),
    }));
    return withImplied(option, await prompts.checkbox({ message, choices }, terminal));
  }
  const choices = option.choices.map(({ value, label }) => ({ value, name: label }));
  return [
    await prompts.select({ message, choices, ...(first !== undefined && { default: first }) }, terminal),
  ];
}
