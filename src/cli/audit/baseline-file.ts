import { type Baseline, baselineSchema } from '../../score/baseline.ts';
import { usageError } from '../exit.ts';
import { readJsonFile } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';

/**
 * @param within the directory that it must not lead out of, where the user has not named it
 * @throws CommandError (usage) when there is none, or it is none
 */
export async function readBaseline({ file, within }: { file: string; within?: string }): Promise<Baseline> {
  const baseline = await readEarlierBaseline(file, within);
  if (baseline === null) {
    throw usageError(
      `There is no baseline ${file}.`,
      'Make one of today’s failures with --write-baseline <file>.',
    );
  }
  return baseline;
}

/**
 * The baseline that another one replaces.
 *
 * @returns null when there is none
 * @throws CommandError (usage) when it is none: what it holds would be lost
 */
export async function readEarlierBaseline(file: string, within?: string): Promise<Baseline | null> {
  return await readJsonFile({
    file,
    ...(within !== undefined && { within }),
    schema: baselineSchema,
    option: '--baseline',
    hint: 'See schema/baseline.schema.json, or make a new one with --write-baseline <file>.',
  });
}

/** One entry of known failures a line and key, so that a repository's history shows what came and went. */
export function writeBaseline(file: string, baseline: Baseline): Promise<void> {
  return writeWhole(file, `${JSON.stringify(baseline, null, 2)}\n`);
}
