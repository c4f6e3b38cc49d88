import { resolve } from 'node:path';
import type { SavedEvidence } from '../../evidence/saved.ts';
import { usageError } from '../exit.ts';
import { readJsonFile } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';

/** Bytes. The largest evidence that an audit saves is a tenth of this. */
const limit = 100 * 1024 * 1024;

/**
 * Reads the evidence of an earlier audit.
 *
 * @throws CommandError (usage) if this version cannot judge the file
 */
export async function readEvidence(name: string, cwd: string): Promise<SavedEvidence> {
  const file = resolve(cwd, name);
  // Loaded late: the schemas are slow to load, and few runs need them.
  const { savedEvidenceSchema } = await import('../../evidence/saved.ts');
  const saved = await readJsonFile({
    file,
    schema: savedEvidenceSchema,
    limit,
    option: '--evidence',
    hint: 'The file does not have the format of this version. Save it again with --save-evidence <file>.',
  });
  if (saved === null) throw usageError(`The file "${name}" does not exist.`, 'Check --evidence.');
  return saved;
}

/** Readable by its owner only: secrets are masked, but responses may still be confidential. */
export function saveEvidence(file: string, evidence: SavedEvidence): Promise<void> {
  return writeWhole(file, `${JSON.stringify(evidence)}\n`, 0o600);
}
