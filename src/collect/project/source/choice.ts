import { languages } from './languages/languages.ts';

/** Characters of source that are parsed, over all files: some seconds of work on a slow machine. */
export const parsedLimit = 4 * 1024 * 1024;
/** Longer files are generated. */
const textLimit = 256 * 1024;

/** Words of what is looked for. A file with none of them is not parsed. */
const telling = new RegExp(
  [
    ...languages.map(({ words }) => words),
    'time_?out|deadline|logg|mcp|SIG[A-Z]{3}',
    'cache|lru|redis|sentry|rollbar|prometheus|opentelemetry',
    // Names of secrets.
    'key|token|secret|passw',
  ].join('|'),
  'i',
);

/** Whether a text is worth parsing: written by people, and about something that is looked for. */
export function mayMatter(text: string): boolean {
  return text.length <= textLimit && !isMinified(text) && telling.test(text);
}

/** Lines of hundreds of characters on average are made by tools. */
function isMinified(text: string): boolean {
  const sample = text.slice(0, 20_000);
  return sample.length > 2_000 && sample.length / (sample.split('\n').length || 1) > 300;
}
