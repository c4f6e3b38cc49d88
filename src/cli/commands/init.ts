import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { Command } from 'commander';
import { type Answers, complete, type Wishes } from '../../scaffold/answers.ts';
import { acceptedValues, parseSelection, scaffoldOptions } from '../../scaffold/options.ts';
import { createPlan } from '../../scaffold/plan.ts';
import { ScaffoldProblem } from '../../scaffold/problem.ts';
import { ask } from '../../scaffold/questions.ts';
import { carryOut } from '../../scaffold/scaffold.ts';
import { displayPath, shellWord, summarise, summarisePlan } from '../../scaffold/summary.ts';
import { inspectTarget } from '../../scaffold/target.ts';
import type { CliContext } from '../context.ts';
import { CommandError, exitCode, interrupted, usageError } from '../exit.ts';
import { createProgress } from '../progress.ts';
import { terminalStyle } from '../terminal-style.ts';

/** Flags as commander hands them over; the scaffold's own options are among them, by id. */
interface InitFlags extends Record<string, unknown> {
  name?: string;
  install: boolean;
  git: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/**
 * `mcp-prod init [directory]`. Asks for what was not given when a person sits at the terminal. The action throws
 * CommandError: 2 for what cannot be done as asked, 3 when the project was written without its dependencies, 130.
 */
export function initCommand(context: CliContext): Command {
  const command = new Command('init')
    .description('Scaffold a weather MCP server that is ready for production.')
    .argument('[directory]', 'a new or empty directory')
    .option('--name <name>', "the npm package's name (default: the directory's name)");
  for (const option of scaffoldOptions) {
    const value = option.multiple ? '<list>' : '<value>';
    const defaults = option.defaults.join(',');
    command.option(
      `--${option.id} ${value}`,
      `${option.summary}: ${acceptedValues(option)} (default: ${defaults})`,
    );
  }
  return command
    .option('--no-install', 'do not install dependencies')
    .option('--no-git', 'do not make a git repository')
    .option('--dry-run', 'show what would be created, and create nothing')
    .option('--yes', 'ask nothing, take the defaults')
    .action(async (directory: string | undefined, flags: InitFlags) => {
      try {
        await init(directory, flags, context);
      } catch (error) {
        throw error instanceof ScaffoldProblem ? asCommandError(error) : error;
      }
    });
}

async function init(directory: string | undefined, flags: InitFlags, context: CliContext): Promise<void> {
  const wishes = wishesOf(directory, flags);
  // Before the questions: nobody likes to answer them in vain.
  if (directory !== undefined) await inspectTarget(resolve(context.cwd, directory));
  const answers = await answer(wishes, flags, context);
  const target = await inspectTarget(answers.directory);
  const plan = await createPlan(answers, { mcpApiKey: randomBytes(32).toString('hex') });
  const emphasis = new Chalk({ level: terminalStyle(context.stdout, context.env).colour });

  if (flags.dryRun) {
    context.stdout.write(summarisePlan(plan, flags, context.cwd, emphasis));
    return;
  }
  const progress = createProgress(context);
  const result = await carryOut(plan, target, flags, {
    env: context.env,
    signal: context.signal,
    onStep: progress.step,
  }).finally(progress.done);

  if (result.git?.notice !== undefined) context.stderr.write(`mcp-prod: ${result.git.notice}\n`);
  context.stdout.write(summarise(plan, result, context.cwd, emphasis));
  if (result.install?.installed === false) {
    throw new CommandError(
      exitCode.couldNotAssess,
      `The project was created, but its dependencies were not installed: ${result.install.reason}.`,
      `Run: cd ${shellWord(displayPath(plan.directory, context.cwd))} && npm install`,
    );
  }
}

function wishesOf(directory: string | undefined, flags: InitFlags): Wishes {
  const selections: Record<string, readonly string[]> = {};
  for (const option of scaffoldOptions) {
    const text = flags[option.id];
    if (typeof text === 'string') selections[option.id] = parseSelection(option, text);
  }
  return {
    ...(directory !== undefined && { directory }),
    ...(flags.name !== undefined && { name: flags.name }),
    selections,
  };
}

async function answer(wishes: Wishes, flags: InitFlags, context: CliContext): Promise<Answers> {
  const { stdin, stderr, cwd, signal } = context;
  const someoneThere = stdin.isTTY === true && stderr.isTTY === true && !flags.yes;
  return complete(
    someoneThere ? await ask(wishes, cwd, { input: stdin, output: stderr, signal }) : wishes,
    cwd,
  );
}

function asCommandError({ kind, message, hint }: ScaffoldProblem): CommandError {
  return kind === 'interrupted' ? interrupted(message) : usageError(message, hint);
}
