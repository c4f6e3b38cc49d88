import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import path from 'node:path';

/** Larger files are not what people write by hand. */
export const fileLimit = 1024 * 1024;

/** A file's text, or why it was not read, to be put after the file's name: "is larger than 1 MiB". */
export type FileText = { text: string } | { skipped: string };

/** Whether an absolute path is the root or below it; both must be free of links. */
export function isInside(root: string, absolute: string): boolean {
  const relative = path.relative(root, absolute);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/**
 * Reads one UTF-8 text file that really lies inside the root. Never throws.
 *
 * @param root absolute, free of links
 * @param file relative to the root, with forward slashes
 * @returns the text without its byte order mark
 */
export async function readText(root: string, file: string): Promise<FileText> {
  try {
    // A link may point anywhere, so the target is what must lie inside.
    const real = await realpath(path.join(root, file));
    if (!isInside(root, real)) return { skipped: 'leads out of the project' };
    if (!(await lstat(real)).isFile()) return { skipped: 'is no regular file' };
    return await readRegular(real);
  } catch (error) {
    return { skipped: reasonNotRead(error) };
  }
}

async function readRegular(absolute: string): Promise<FileText> {
  // The file may have been replaced since it was looked at: a pipe must not block, a new link is not followed.
  const handle = await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    if (size > fileLimit) return { skipped: 'is larger than 1 MiB' };
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await handle.read(buffer, 0, size, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return { skipped: 'is not a text file in UTF-8' };
    return { text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } finally {
    await handle.close();
  }
}

function reasonNotRead(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'ELOOP') return 'is a link that leads to itself';
  return `could not be read${code ? ` (${code})` : ''}`;
}
