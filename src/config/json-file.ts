import { readFile, stat } from 'node:fs/promises';
import type * as z from 'zod';

/** A file that cannot be used. `message` names the file and every mistake in it, `hint` says what to do. */
export class FileError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

interface JsonFile<T> {
  /** Absolute. */
  file: string;
  schema: z.ZodType<T>;
  maxBytes: number;
  /** The option that names it. */
  option: string;
  /** What to do about a document of another form. */
  hint: string;
}

/**
 * Reads a file and holds it against a schema.
 *
 * @returns null when there is no such file
 * @throws FileError when it cannot be read, is no JSON, or has another form
 */
export async function readJsonFile<T>({
  file,
  schema,
  maxBytes,
  option,
  hint,
}: JsonFile<T>): Promise<T | null> {
  const text = await readText(file, maxBytes, option);
  if (text === null) return null;
  let json: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FileError(`${file} is not valid JSON: ${(error as Error).message}`, 'Correct the file.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new FileError(`${file}: ${issuesText(parsed.error.issues)}`, hint);
}

/** Regular files of a sensible size only: what waits for a writer, as a named pipe does, could not even be interrupted. */
async function readText(file: string, maxBytes: number, option: string): Promise<string | null> {
  const refuse = (problem: string) =>
    new FileError(`${file} ${problem}.`, `Check the file, or name another one with ${option}.`);
  try {
    const found = await stat(file);
    if (!found.isFile()) throw refuse(found.isDirectory() ? 'is a directory' : 'is not a regular file');
    if (found.size > maxBytes) throw refuse(`is larger than ${maxBytes / 1_000_000} MB`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof FileError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
}

const shownIssues = 10;

/** Every mistake in a configuration; of a broken machine-made file the first ones tell enough. */
function issuesText(issues: z.core.$ZodIssue[]): string {
  const more = issues.length - shownIssues;
  return [...issues.slice(0, shownIssues).map(issueText), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '; ',
  );
}

function issueText(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key "${at ? `${at}.` : ''}${key}"`).join('; ');
  }
  return `${at || 'the document'}: ${issue.message}`;
}
