import path from 'node:path';
import { javascript } from './javascript/language.ts';
import type { Language } from './language.ts';
import { python } from './python/language.ts';

/** Every supported language. Another one takes a row here and a folder. */
export const languages: readonly Language[] = [javascript, python];

/** The language of a file; undefined for others. */
export const languageOf = (file: string): Language | undefined =>
  languages.find(({ files }) => files.test(file));

const manifests = new Set(languages.flatMap((language) => language.manifests));

/** Whether a file describes a package. */
export const describesPackage = (file: string): boolean => manifests.has(path.posix.basename(file));
