import { resolve } from 'node:path';
import type { SavedEvidence } from '../../evidence/saved.ts';
import { usageError } from '../exit.ts';
import { readJsonFile } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';

/** Bytes. What an audit of the most talkative server saves is a tenth of it. */
const limit = 100 * 1024 * 1024;

/**
 * Reads what an earlier audit saw.
 *
 * @throws CommandError (usage) when the file is none that this version can judge
 */
export async function readEvidence(name: string, cwd: string): Promise<SavedEvidence> {
  const file = resolve(cwd, name);
  // Schemas of all evidence are slow to load, and few runs need them.
  const { savedEvidenceSchema } = await import('../../evidence/saved.ts');
  const saved = await readJsonFile({
    file,
    schema: savedEvidenceSchema,
    limit,
    option: '--evidence',
    hint: 'It was not written by --save-evidence of this version. Save it again.',
  });
  if (saved === null) throw usageError(`There is no file "${name}".`, 'Check --evidence.');
  return saved;
}

/** For its owner alone: secrets are masked, but what a server answers is not everybody's business. */
export function saveEvidence(file: string, seen: SavedEvidence): Promise<void> {
  return writeWhole(file, `${JSON.stringify(seen)}\n`, 0o600);
}
