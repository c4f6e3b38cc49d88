import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** A process may have exited, or belong to another user. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

export const read = (file: string): string => attempt(() => readFileSync(file, 'latin1'), '');
export const readdir = (directory: string): string[] => attempt(() => readdirSync(directory), []);
export const link = (file: string): string => attempt(() => readlinkSync(file), '');

/** About one row of a socket table. */
const pieceBytes = 192;

/** The lines of a file of /proc. The kernel produces them on read, so stopping early saves time. */
export function* linesOf(file: string): Generator<string> {
  const descriptor = attempt(() => openSync(file, 'r'), null);
  if (descriptor === null) return;
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest = '';
    for (let bytes = readSync(descriptor, piece); bytes > 0; bytes = readSync(descriptor, piece)) {
      const lines = (rest + piece.toString('latin1', 0, bytes)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(descriptor);
  }
}
