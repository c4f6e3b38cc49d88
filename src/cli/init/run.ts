import { randomBytes } from 'node:crypto';
import { Chalk } from 'chalk';
import { type Answers, complete, type PartialAnswers, resolveDirectory } from '../../scaffold/answers.ts';
import { scaffoldOptions } from '../../scaffold/options.ts';
import { createPlan } from '../../scaffold/plan.ts';
import { ScaffoldProblem } from '../../scaffold/problem.ts';
import { ask } from '../../scaffold/questions.ts';
import { carryOut } from '../../scaffold/scaffold.ts';
import { parseSelection } from '../../scaffold/selections.ts';
import { displayPath, shellWord, summarise, summarisePlan } from '../../scaffold/summary.ts';
import { inspectTarget } from '../../scaffold/target.ts';
import { printable } from '../../text/printable.ts';
import { version } from '../../version.ts';
import type { CliContext } from '../context.ts';
import { CommandError, exitCode, interrupted, usageError } from '../exit.ts';
import { createProgress } from '../progress.ts';
import { terminalStyle } from '../terminal-style.ts';

/** Flags as commander parses them, with the scaffold's own options by id. */
export interface InitFlags extends Record<string, unknown> {
  name?: string;
  install: boolean;
  git: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/**
 * Scaffolds a project. At a terminal, it asks for each choice that no option makes.
 *
 * @throws CommandError 2 for wrong usage, 3 if the project was written without its dependencies, 130 if interrupted
 */
export async function runInit(
  directory: string | undefined,
  flags: InitFlags,
  context: CliContext,
): Promise<void> {
  try {
    await init(directory, flags, context);
  } catch (error) {
    throw error instanceof ScaffoldProblem ? asCommandError(error) : error;
  }
}

async function init(directory: string | undefined, flags: InitFlags, context: CliContext): Promise<void> {
  const given = answersFromFlags(directory, flags);
  // Before the questions, whose answers would be lost.
  if (directory !== undefined) await inspectTarget(resolveDirectory(directory, context.cwd));
  const answers = await answer(given, flags, context);
  const target = await inspectTarget(answers.directory);
  const plan = await createPlan(answers, {
    mcpApiKey: randomBytes(32).toString('hex'),
    toolVersion: version,
  });
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

  if (result.git?.notice !== undefined) context.stderr.write(`mcp-prod: ${printable(result.git.notice)}\n`);
  context.stdout.write(summarise(plan, result, context.cwd, emphasis));
  if (result.install?.installed === false) {
    throw new CommandError(
      exitCode.couldNotAssess,
      `The project was created, but its dependencies could not be installed: ${result.install.reason}.`,
      `Run: cd ${shellWord(displayPath(plan.directory, context.cwd))} && ${plan.pm.install}`,
    );
  }
}

function answersFromFlags(directory: string | undefined, flags: InitFlags): PartialAnswers {
  const selections: Record<string, readonly string[]> = {};
  for (const option of scaffoldOptions) {
    const flag = flags[camelCase(option.id)];
    if (typeof flag === 'string' || typeof flag === 'boolean')
      selections[option.id] = parseSelection(option, flag);
  }
  return {
    ...(directory !== undefined && { directory }),
    ...(flags.name !== undefined && { name: flags.name }),
    selections,
  };
}

/** The property name that commander gives a flag. */
function camelCase(id: string): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function answer(given: PartialAnswers, flags: InitFlags, context: CliContext): Promise<Answers> {
  const { stdin, stderr, cwd, signal } = context;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true && !flags.yes;
  return complete(
    isInteractive ? await ask(given, cwd, { input: stdin, output: stderr, signal }) : given,
    cwd,
  );
}

function asCommandError({ kind, message, hint }: ScaffoldProblem): CommandError {
  return kind === 'interrupted' ? interrupted(message) : usageError(message, hint);
}
