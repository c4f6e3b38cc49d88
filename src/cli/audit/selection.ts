import { profiles } from '../../checklist/checklist.ts';
import { type Selection, select } from '../../score/selection.ts';
import { usageError } from '../exit.ts';
import type { AuditOptions } from './options.ts';

/**
 * The rows that `--only` and `--skip` select.
 *
 * @throws CommandError (usage) if a row is not in the profile, or none is selected
 */
export function makeSelection({ profile, only, skip }: AuditOptions): Selection {
  for (const id of only ?? []) requireInProfile(id, profile);
  const selection = { ...(only && { only }), ...(skip && { skip }) };
  if (select(profiles[profile], selection).chosen.length === 0) {
    throw usageError('--only and --skip select no rows.', 'Check --only and --skip.');
  }
  return selection;
}

/** @throws CommandError (usage) if the row is not in the profile */
export function requireInProfile(id: string, profile: AuditOptions['profile']): void {
  if (profiles[profile].some((row) => row.id === id)) return;
  throw usageError(`The row "${id}" is not in the profile "${profile}".`, 'Add --profile extended.');
}
