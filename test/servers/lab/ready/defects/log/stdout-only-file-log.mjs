import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog as create } from '../../parts/log.mjs';

/** Writes to a file, which nobody collects; the standard streams stay empty. */
export function createLog() {
  const file = join(tmpdir(), 'ready.log');
  return create({ write: (line) => appendFileSync(file, line) });
}
