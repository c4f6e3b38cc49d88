import { checkbox, confirm, input, select } from '@inquirer/prompts';
import { defaultDirectory, nameOfDirectory, resolveDirectory, type Wishes } from './answers.ts';
import { type ScaffoldOption, scaffoldOptions } from './options.ts';
import { nameProblem, suggestName } from './package-name.ts';
import { ScaffoldProblem } from './problem.ts';
import { parseSelection, type Selections, withImplied } from './selections.ts';
import { inspectTarget } from './target.ts';

/** How to talk to a person; a test brings its own. */
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
 * Asks for what `wishes` leaves open: directory, name and every option of the table.
 *
 * @throws ScaffoldProblem (interrupted) on Ctrl-C, or when `terminal.signal` aborts
 */
export async function ask(
  wishes: Wishes,
  cwd: string,
  terminal: Terminal,
  prompts: Prompts = { input, select, checkbox, confirm },
): Promise<Wishes> {
  try {
    const directory =
      wishes.directory ??
      (await prompts.input(
        {
          message: 'Which directory?',
          default: defaultDirectory,
          validate: (text) => directoryProblem(text, cwd),
        },
        terminal,
      ));
    const name = wishes.name ?? (await askName(nameOfDirectory(directory, cwd), prompts, terminal));
    const selections: Record<string, readonly string[]> = {};
    for (const option of scaffoldOptions) {
      selections[option.id] = wishes.selections[option.id] ?? (await askOption(option, prompts, terminal));
    }
    return { directory, name, selections: selections satisfies Selections };
  } catch (error) {
    // ExitPromptError: Ctrl-C or a closed terminal. AbortPromptError: the signal.
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) {
      throw new ScaffoldProblem('interrupted', 'Interrupted. Nothing was written.');
    }
    throw error;
  }
}

/** Asked at once: nobody likes to answer the other questions in vain. */
async function directoryProblem(text: string, cwd: string): Promise<true | string> {
  // A shell would have replaced it; here it would become a directory with a dangerous name.
  if (text.startsWith('~')) return 'Write the home directory out: "~" means it only in a shell.';
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
      message: 'What is the package called?',
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
