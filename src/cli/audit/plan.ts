import { resolve } from 'node:path';
import type { WireOptions } from '../../collect/wire/options.ts';
import type { Config } from '../../config/schema.ts';
import type { SavedEvidence } from '../../evidence/saved.ts';
import type { LabPlan } from '../../lab/plan.ts';
import type { Gate } from '../../score/gate.ts';
import type { Selection } from '../../score/selection.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../exit.ts';
import { requireWritable } from '../files/write-file.ts';
import type { Subject } from '../target.ts';
import { type ConfiguredPaths, configuredPaths, nameTool, readConfiguration } from './configuration.ts';
import { readEvidence } from './evidence-file.ts';
import { makeGate, type NewBaseline } from './gate.ts';
import { planLab } from './lab.ts';
import type { AuditOptions } from './options.ts';
import { type Output, planOutputs } from './outputs.ts';
import { makeSelection } from './selection.ts';
import { type Statements, statementsOf } from './statements.ts';
import { completeSubject, nameSubject } from './subject.ts';

/** Milliseconds for the whole audit, by default. */
const budgetMs = 30_000;
const labBudgetMs = 180_000;

/** Everything about one audit. At least one of `saved`, `url` and `project` is set. */
export interface Plan extends Subject {
  /** The evidence of an earlier audit; if set, nothing is collected. */
  saved: SavedEvidence | null;
  config: Config;
  statements: Statements;
  tool: WireOptions['tool'];
  /** Further paths to request on a running server; null without one. */
  paths: ConfiguredPaths | null;
  /** What the lab launches, and how; null without a lab. */
  lab: LabPlan | null;
  /** Milliseconds for the whole audit. */
  budgetMs: number;
  selection: Selection;
  gate: Gate;
  newBaseline: NewBaseline | null;
  outputs: Output[];
  /** Absolute. */
  saveEvidence: string | null;
}

/**
 * Checks options and configuration, and finds every usage error before anything is sent.
 *
 * @throws CommandError (usage)
 */
export async function makePlan(
  argument: string | undefined,
  options: AuditOptions,
  { cwd }: CliContext,
): Promise<Plan> {
  checkCredentials(options);
  const saveEvidence = await planSaving(options, cwd);
  const selection = makeSelection(options);
  const named = await nameSubject(argument, options, cwd);
  const configuration = await readConfiguration(options, named.project, cwd);
  const saved = options.evidence === undefined ? null : await readEvidence(options.evidence, cwd);
  const { gate, newBaseline } = await makeGate(options, configuration, { cwd, selection });
  const outputs = await planOutputs(options.output ?? [], cwd);
  requireDistinct([...outputs.map(({ file }) => file), newBaseline?.file, saveEvidence]);
  const subject = saved ? named : completeSubject(argument, named, configuration, options);
  const tool = nameTool(options, configuration);
  return {
    saved,
    ...subject,
    config: configuration.config,
    statements: statementsOf(configuration),
    tool,
    paths: subject.url === null ? null : configuredPaths(configuration, options, subject.url),
    lab: await planLab(options, configuration, named, tool),
    budgetMs: options.budget ?? (options.lab ? labBudgetMs : budgetMs),
    selection,
    gate,
    newBaseline,
    outputs,
    saveEvidence,
  };
}

/** The last write would overwrite the others. */
function requireDistinct(files: readonly (string | null | undefined)[]): void {
  const named = files.filter((file) => typeof file === 'string');
  const twice = named.find((file, index) => named.indexOf(file) !== index);
  if (twice !== undefined) throw usageError(`Two options write ${twice}.`, 'Give each its own file.');
}

function checkCredentials({ token, header = [] }: AuditOptions): void {
  if (token === undefined) return;
  // Usually an unset variable: the audit would silently run without credentials.
  if (token === '') throw usageError('The token is empty.', 'Check --token, or omit it.');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw usageError(
      'The token contains spaces or other characters that are not allowed in a bearer token.',
      'Give the token alone, without "Bearer". Check --token and MCP_PROD_TOKEN.',
    );
  }
  if (header.some(({ name }) => /^authorization$/i.test(name))) {
    throw usageError(
      'A token and an Authorization header cannot be combined.',
      'Omit --token (or unset MCP_PROD_TOKEN), or omit the --header.',
    );
  }
}

async function planSaving({ saveEvidence, evidence }: AuditOptions, cwd: string): Promise<string | null> {
  if (saveEvidence === undefined) return null;
  if (evidence !== undefined) {
    throw usageError('--evidence and --save-evidence cannot be combined.', 'Copy the file instead.');
  }
  const file = resolve(cwd, saveEvidence);
  await requireWritable(file, '--save-evidence');
  return file;
}
