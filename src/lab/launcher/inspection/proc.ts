import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

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
