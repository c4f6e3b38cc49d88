import { parseJson } from './json.ts';

/**
 * Splits at white space outside of quotes. The words keep their quotes and escapes.
 *
 * @param escapeChar the character before an escaped one
 */
export function splitWords(text: string, escapeChar: string): string[] {
  const words: string[] = [];
  let start = -1;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote === '' && /\s/.test(char)) {
      if (start !== -1) words.push(text.slice(start, index));
      start = -1;
      continue;
    }
    if (start === -1) start = index;
    if (char === escapeChar && quote !== "'") index++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
  }
  if (start !== -1) words.push(text.slice(start));
  return words;
}

/** A word without quotes and escapes, as a shell passes it on. Variables stay as written. */
export function unquote(word: string, escapeChar = '\\'): string {
  let value = '';
  let quote = '';
  for (let index = 0; index < word.length; index++) {
    const char = word.charAt(index);
    if (char === escapeChar && quote !== "'" && index + 1 < word.length) value += word.charAt(++index);
    else if (quote !== '' && char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else value += char;
  }
  return value;
}

/** The words of an exec form, `["node", "index.js"]`; undefined for a shell form (Dockerfile reference: shell and exec). */
export function execForm(text: string): string[] | undefined {
  const words = text.startsWith('[') ? parseJson(text) : undefined;
  // For Docker, anything but a JSON array of strings is a shell command.
  return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
}
