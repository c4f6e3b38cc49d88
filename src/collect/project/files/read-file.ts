import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bytes. Larger files are rarely written by people. */
export const fileLimit = 1024 * 1024;

/** A file's text, or why it was not read, as the predicate of the file: "is larger than 1 MiB". */
export type FileText = { text: string } | { skipped: string; missing?: true };

/** Whether an absolute path is the root or below it; both must be free of links. */
export function isInside(root: string, absolute: string): boolean {
  const relative = path.relative(root, absolute);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/**
 * Reads one UTF-8 text file inside the root, links resolved. Never throws.
 *
 * @param root absolute, free of links
 * @param file relative to the root, with forward slashes
 * @param limit bytes
 * @returns the text without its byte order mark
 */
export async function readText(root: string, file: string, limit = fileLimit): Promise<FileText> {
  const named = path.join(root, file);
  try {
    // A link may point anywhere, so the target must be inside.
    const real = await realpath(named);
    if (!isInside(root, real)) return outside;
    // The file may have been replaced since: a new link is not followed.
    return await readRegular(real, constants.O_NOFOLLOW, limit, async (opened) => {
      // A directory above it may have been replaced as well.
      const now = await realpath(named);
      if (!isInside(root, now)) return outside;
      const { dev, ino } = await lstat(now, { bigint: true });
      return dev === opened.dev && ino === opened.ino
        ? undefined
        : { skipped: 'changed while it was opened' };
    });
  } catch (error) {
    return reasonNotRead(error);
  }
}

/**
 * Reads one UTF-8 text file that the user named, inside the project or not. Never throws.
 *
 * @param file absolute
 * @param limit bytes
 * @returns the text without its byte order mark
 */
export async function readNamedText(file: string, limit = fileLimit): Promise<FileText> {
  try {
    return await readRegular(file, 0, limit, async () => undefined);
  } catch (error) {
    return reasonNotRead(error);
  }
}

const outside: FileText = { skipped: 'leads out of the project' };

/** @param refusal the reason not to read the opened file */
async function readRegular(
  file: string,
  flags: number,
  limit: number,
  refusal: (opened: BigIntStats) => Promise<FileText | undefined>,
): Promise<FileText> {
  // Opening a device can have an effect, so its kind is checked first.
  const kind = kindProblem(await stat(file));
  if (kind !== undefined) return { skipped: kind };
  // A pipe may have replaced the file, and must not block.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    const opened = await handle.stat({ bigint: true });
    const problem = kindProblem(opened);
    if (problem !== undefined) return { skipped: problem };
    return (await refusal(opened)) ?? (await readOpened(handle, Number(opened.size), limit));
  } finally {
    await handle.close();
  }
}

function kindProblem(found: { isFile(): boolean; isDirectory(): boolean }): string | undefined {
  if (found.isFile()) return undefined;
  return found.isDirectory() ? 'is a directory' : 'is not a regular file';
}

async function readOpened(handle: FileHandle, size: number, limit: number): Promise<FileText> {
  if (size > limit) return { skipped: `is larger than ${limit / fileLimit} MiB` };
  const buffer = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(buffer, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const bytes = buffer.subarray(0, length);
  if (bytes.includes(0)) return { skipped: 'is not a text file in UTF-8' };
  return { text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
}

function reasonNotRead(error: unknown): FileText {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { skipped: 'does not exist', missing: true };
  if (code === 'EACCES' || code === 'EPERM') return { skipped: 'is not readable by this user' };
  if (code === 'ELOOP') return { skipped: 'is a link that leads to itself' };
  return { skipped: `could not be read${code ? ` (${code})` : ''}` };
}
