/**
 * Splits at white space outside of quotes. Quotes and escapes stay in the words, for `expand` to remove.
 *
 * @param escapeChar what makes the next character a plain one
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

/** A word as a shell would pass it on, its variables as written. */
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
  if (!text.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    // Docker takes what is no JSON array of strings for a shell command.
    return undefined;
  }
}
