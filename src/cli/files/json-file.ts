import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import type * as z from 'zod';
import { type FileText, readNamedText, readText } from '../../collect/project/files/read-file.ts';
import { usageError } from '../exit.ts';

interface JsonFile<T> {
  /** Absolute. */
  file: string;
  /** Absolute: the file must not link out of this directory. Absent if the user named the file, which may be anywhere. */
  within?: string;
  schema: z.ZodType<T>;
  /** Bytes; default: 1 MiB. */
  limit?: number;
  /** The option that names the file. */
  option: string;
  /** What to do about a document that does not match the schema. */
  hint: string;
}

/**
 * Reads a JSON file and validates it against a schema. Errors never quote its content.
 *
 * @returns null if the file does not exist
 * @throws CommandError (usage), with every mistake, if it cannot be read, is not JSON, or does not match the schema
 */
export async function readJsonFile<T>({
  file,
  within,
  schema,
  limit,
  option,
  hint,
}: JsonFile<T>): Promise<T | null> {
  const content = await (within === undefined ? readNamedText(file, limit) : readInside(within, file, limit));
  if ('skipped' in content) {
    if (content.missing) return null;
    throw usageError(`${file} ${content.skipped}.`, `Check the file, or name another with ${option}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(content.text);
  } catch (error) {
    throw usageError(
      `${file} is not valid JSON${placeOf(error as Error, content.text)}.`,
      'Fix the syntax of the file.',
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw usageError(`${file}: ${issuesText(parsed.error.issues)}`, hint);
}

async function readInside(directory: string, file: string, limit: number | undefined): Promise<FileText> {
  const root = await realpath(directory).catch(() => directory);
  return readText(root, relative(directory, file), limit);
}

/** Where the parser stopped, if it says so. Its own message would quote the file. */
function placeOf({ message }: Error, text: string): string {
  if (message.includes('end of JSON input')) return ': it ends unexpectedly';
  const position = / JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
}

const shownIssues = 10;

/** Every mistake in a configuration, but only the first ones in a long machine-made file. */
function issuesText(issues: z.core.$ZodIssue[]): string {
  const more = issues.length - shownIssues;
  return [...issues.slice(0, shownIssues).map(issueText), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '; ',
  );
}

function issueText(issue: z.core.$ZodIssue): string {
  const at = issue.path.map((part) => (isName(String(part)) ? String(part) : '…')).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(at, key)).join('; ');
  }
  return `${at || 'the document'}: ${issue.message}`;
}

/** A key may be anything, even a secret. */
const isName = (key: string): boolean =>
  /^[\w$.-]{1,40}$/.test(key) || /^[a-z\d-]{1,40}\/[a-z\d-]{1,40}$/.test(key);

/** Names a misspelt key. In a file of another kind, a key may be anything, even a secret. */
const unknownKey = (at: string, key: string): string =>
  /^[\w$-]{1,40}$/.test(key)
    ? `unknown key "${at ? `${at}.` : ''}${key}"`
    : `unknown key${at ? ` in "${at}"` : ''}`;
