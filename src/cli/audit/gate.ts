import { resolve } from 'node:path';
import { profiles } from '../../checklist/checklist.ts';
import type { Baseline } from '../../score/baseline.ts';
import type { Gate } from '../../score/gate.ts';
import { type Selection, select } from '../../score/selection.ts';
import { usageError } from '../exit.ts';
import { requireWritable } from '../files/write-file.ts';
import { readBaseline, readEarlierBaseline } from './baseline-file.ts';
import { type Configuration, configFileName, configuredBaseline } from './configuration.ts';
import type { AuditOptions } from './options.ts';
import { requireInProfile } from './selection.ts';

/** The baseline to write, and the one that it replaces. */
export interface NewBaseline {
  file: string;
  earlier: Baseline | null;
}

/**
 * The gate of the audit. For each key, the command line overrides the configuration.
 *
 * @throws CommandError (usage)
 */
export async function makeGate(
  options: AuditOptions,
  configuration: Configuration,
  { cwd, selection }: { cwd: string; selection: Selection },
): Promise<{ gate: Gate; newBaseline: NewBaseline | null }> {
  const { gate } = configuration.config;
  const required = options.require ?? gate?.require ?? [];
  requireJudged(required, options, selection);
  const newBaseline = await replacedBaseline(options, cwd);
  const baseline =
    options.baseline === undefined
      ? configuredBaseline(configuration)
      : { file: resolve(cwd, options.baseline) };
  return {
    gate: {
      minScore: options.minScore ?? gate?.minScore,
      minCoverage: options.minCoverage ?? gate?.minCoverage,
      require: required,
      failOn: options.failOn ?? gate?.failOn,
      baseline: baseline === null || newBaseline ? undefined : await readBaseline(baseline),
    },
    newBaseline,
  };
}

function requireJudged(required: readonly string[], { profile }: AuditOptions, selection: Selection): void {
  const known: string[] = profiles.extended.map(({ id }) => id);
  const { leftOut } = select(profiles[profile], selection);
  for (const id of required) {
    if (!known.includes(id)) {
      throw usageError(
        `${configFileName}: "gate.require" names the unknown row "${id}".`,
        `The rows are: ${known.join(', ')}.`,
      );
    }
    requireInProfile(id, profile);
    if (leftOut.some((row) => row.id === id)) {
      throw usageError(`The row "${id}" is required but not selected.`, 'Check --only and --skip.');
    }
  }
}

async function replacedBaseline(options: AuditOptions, cwd: string): Promise<NewBaseline | null> {
  if (options.writeBaseline === undefined) return null;
  if (options.baseline !== undefined) {
    throw usageError(
      '--baseline and --write-baseline cannot be combined.',
      'Omit --baseline: --write-baseline keeps the reasons from the file that it replaces.',
    );
  }
  const file = resolve(cwd, options.writeBaseline);
  await requireWritable(file, '--write-baseline');
  return { file, earlier: await readEarlierBaseline(file) };
}
