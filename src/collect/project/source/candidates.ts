import { languages } from './languages/languages.ts';

/** Characters of all parsed files: some seconds of work on a slow machine. */
export const parsedLimit = 4 * 1024 * 1024;
/** Characters. Longer files are generated. */
const textLimit = 256 * 1024;

/** Keywords of the facts. A file without any is not parsed. */
const relevant = new RegExp(
  [
    ...languages.map(({ keywords }) => keywords),
    'time_?out|deadline|logg|mcp|SIG[A-Z]{3}',
    'cache|lru|redis|sentry|rollbar|prometheus|opentelemetry',
    // Names of secrets.
    'key|token|secret|passw',
  ].join('|'),
  'i',
);

/** Whether a text is worth parsing: written by people, and with a keyword of the facts. */
export function isWorthParsing(text: string): boolean {
  return text.length <= textLimit && !isMinified(text) && relevant.test(text);
}

/** Tools write lines of hundreds of characters on average. */
function isMinified(text: string): boolean {
  const sample = text.slice(0, 20_000);
  return sample.length > 2_000 && sample.length / (sample.split('\n').length || 1) > 300;
}
