import { type Baseline, baselineSchema } from '../../score/baseline.ts';
import { usageError } from '../exit.ts';
import { readJsonFile } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';

/**
 * @param within the file must not link out of this directory; absent if the user named the file
 * @throws CommandError (usage) if the file does not exist or is not a baseline
 */
export async function readBaseline({ file, within }: { file: string; within?: string }): Promise<Baseline> {
  const baseline = await readEarlierBaseline(file, within);
  if (baseline === null) {
    throw usageError(
      `The baseline ${file} does not exist.`,
      'Create it from today’s failures with --write-baseline <file>.',
    );
  }
  return baseline;
}

/**
 * The baseline that a new one replaces.
 *
 * @returns null if the file does not exist
 * @throws CommandError (usage) if the file is not a baseline: its content would be lost
 */
export async function readEarlierBaseline(file: string, within?: string): Promise<Baseline | null> {
  return await readJsonFile({
    file,
    ...(within !== undefined && { within }),
    schema: baselineSchema,
    option: '--baseline',
    hint: 'Compare the file with schema/baseline.schema.json, or write a new one with --write-baseline <file>.',
  });
}

/** Indented: the history of a repository then shows each failure that came or went. */
export function writeBaseline(file: string, baseline: Baseline): Promise<void> {
  return writeWhole(file, `${JSON.stringify(baseline, null, 2)}\n`);
}
