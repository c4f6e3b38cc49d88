import { findSecrets } from './catalogue.ts';
import { holdsSecret } from './names.ts';
import { isHarmless } from './placeholder.ts';

/** Parts of the name of a sample file, which holds no real values. */
const samples = new Set(`default defaults dist example sample schema template tpl vault`.split(/\s+/));

/** `.env`, `.env.local`, `.env.production`; not `.env.example`. */
export function isEnvFile(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name !== '.env' && !name.startsWith('.env.')) return false;
  return !name
    .toLowerCase()
    .split(/[.-]/)
    .some((part) => samples.has(part));
}

/** The format of dotenv: a value in quotes may have several lines. */
const entry =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;

/** The variables of an environment file that have a value. */
export function envEntries(text: string): { name: string; value: string }[] {
  return [...text.matchAll(entry)]
    .map(([, name = '', double, single, back, bare = '']) => ({
      name,
      value: double?.replaceAll('\\n', '\n') ?? single ?? back ?? bare.replace(/(?:^|[ \t])#.*$/s, '').trim(),
    }))
    .filter(({ value }) => value !== '');
}

/** Whether an environment file gives at least one variable a value that is not empty. */
export const holdsValues = (text: string): boolean => envEntries(text).length > 0;

/** Whether an environment file holds a secret, by names and forms. */
export const holdsSecrets = (text: string): boolean =>
  findSecrets(text).length > 0 ||
  envEntries(text).some(({ name, value }) => holdsSecret(name) && !isHarmless(name, value));
