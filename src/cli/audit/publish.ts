import { resolve } from 'node:path';
import type { SavedEvidence } from '../../evidence/saved.ts';
import { type Format, formats } from '../../report/formats.ts';
import { printable } from '../../text/printable.ts';
import type { CliContext } from '../context.ts';
import { annotations } from '../github/annotations.ts';
import { addToStepSummary } from '../github/step-summary.ts';
import { inert, notationOf, onGitHub } from '../github/workflow-commands.ts';
import { terminalStyle } from '../terminal-style.ts';
import { writeBaseline } from './baseline-file.ts';
import type { Judged } from './judge.ts';
import type { AuditOptions } from './options.ts';
import { writeOutputs } from './outputs.ts';
import type { Plan } from './plan.ts';

/**
 * Writes the result to stdout, to files, and to GitHub's annotations and summary.
 *
 * @throws CommandError if a file could not be written
 */
export async function publish(
  judged: Judged,
  evidence: SavedEvidence,
  plan: Plan,
  { format: name }: AuditOptions,
  context: CliContext,
): Promise<void> {
  const { report, assessment } = judged;
  const format: Format = formats[name];
  const hasVerdicts = assessment.score !== null;
  // A table of unknowns does not help at a terminal. A script always gets its document.
  if (hasVerdicts || format.extension !== undefined) {
    const text = format.write(report, terminalStyle(context.stdout, context.env));
    context.stdout.write(onGitHub(context.env) ? inert(text, notationOf(format.extension)) : text);
  }
  await writeOutputs(plan.outputs, report);
  if (judged.baseline && plan.newBaseline) await writeBaseline(plan.newBaseline.file, judged.baseline);
  if (hasVerdicts && onGitHub(context.env)) await publishOnGitHub(judged, evidence, context);
}

async function publishOnGitHub(
  { report, assessment, comparison }: Judged,
  { evidence }: SavedEvidence,
  { stderr, env, cwd }: CliContext,
): Promise<void> {
  stderr.write(
    annotations(assessment, comparison.failures, {
      project: evidence.project ? resolve(cwd, evidence.project.directory) : null,
      workspace: env.GITHUB_WORKSPACE ?? cwd,
    }),
  );
  const markdown: Format | undefined = Object.values<Format>(formats).find(
    ({ extension }) => extension === '.md',
  );
  if (!markdown || !env.GITHUB_STEP_SUMMARY) return;
  const text = markdown.write(report, { columns: 100, colour: 0 });
  const problem = await addToStepSummary(env.GITHUB_STEP_SUMMARY, text);
  if (problem !== null)
    stderr.write(`mcp-prod: The step summary could not be written: ${inert(printable(problem))}.\n`);
}
