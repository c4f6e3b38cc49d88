import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** A file of /proc. What is gone, or belongs to somebody else, is empty. */
export function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

export function readdir(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** About a line of the tables of sockets. */
const pieceBytes = 192;

/** The lines of a file of /proc, which the system makes as they are read: whoever stops early spares it the rest. */
export function* linesOf(file: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return;
  }
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
