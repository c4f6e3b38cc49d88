import type { Expansion } from '../declared.ts';

/** The state of a variable at one point of a file. */
export type Variable =
  | { state: 'set'; value: string }
  /** Declared without a value. A build argument may set it. */
  | { state: 'unset'; why: string }
  /** Set to a value that the file does not contain. */
  | { state: 'unknown'; why: string };

export type Lookup = (name: string) => Variable;

/** Variables within defaults of variables. */
const depthLimit = 10;

/** Characters of a value, enough for a private key. */
const lengthLimit = 5_000;

/**
 * Fills in a word of an instruction: quotes and escapes are removed, `$NAME`, `${NAME}`, `${NAME:-default}`,
 * `${NAME:+alternative}` and their forms without a colon are resolved (Dockerfile reference: environment replacement).
 */
export function expand(word: string, lookup: Lookup, escapeChar: string, depth = 0): Expansion {
  if (depth > depthLimit) return { known: false, why: 'the variables are nested too deeply' };
  if (word.length > lengthLimit) return { known: false, why: 'the text is too long' };
  let value = '';
  let quote = '';
  for (let index = 0; index < word.length; index++) {
    if (value.length > lengthLimit) return { known: false, why: 'the text is too long' };
    const char = word.charAt(index);
    if (quote === "'") {
      if (char === "'") quote = '';
      else value += char;
    } else if (char === escapeChar && index + 1 < word.length) {
      const next = word.charAt(++index);
      // Double quotes keep the escape character before ordinary characters.
      value += quote === '"' && !['"', '$', escapeChar].includes(next) ? char + next : next;
    } else if (char === '"' || (char === "'" && quote === '')) {
      if (quote === char) quote = '';
      else quote = char;
    } else if (char === '$') {
      const reference = readReference(word, index);
      if (!reference) {
        value += char;
        continue;
      }
      const result = resolve(reference, lookup, escapeChar, depth);
      if (!result.known) return result;
      value += result.value;
      index = reference.end - 1;
    } else {
      value += char;
    }
  }
  return { known: true, value };
}

export interface Reference {
  name: string;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, or nothing. */
  operator: string;
  operand: string;
  /** Index after the reference. */
  end: number;
}

/** Characters of a reference. A hostile file may open braces and close none. */
const referenceLimit = 1_000;

/** Reads the variable that begins at a `$`; undefined when none does. */
export function readReference(text: string, start: number): Reference | undefined {
  if (text.charAt(start + 1) !== '{') {
    const name = /^(?:[A-Za-z_]\w*|[0-9@*#?!$-])/.exec(text.slice(start + 1, start + 201))?.[0];
    return name === undefined ? undefined : { name, operator: '', operand: '', end: start + 1 + name.length };
  }
  let depth = 0;
  let end = start + 1;
  const limit = Math.min(text.length, start + referenceLimit);
  for (; end < limit; end++) {
    if (text.charAt(end) === '{') depth++;
    if (text.charAt(end) === '}' && --depth === 0) break;
  }
  if (end >= limit) return undefined;
  const inner = text.slice(start + 2, end);
  const name = /^\w+/.exec(inner)?.[0];
  if (name === undefined) return undefined;
  const operator = /^:?[-+?]|^[#%/:^,@]+/.exec(inner.slice(name.length))?.[0] ?? '';
  const operand = inner.slice(name.length + operator.length);
  if (operator === '' && operand !== '') return undefined;
  return { name, operator, operand, end: end + 1 };
}

function resolve(reference: Reference, lookup: Lookup, escapeChar: string, depth: number): Expansion {
  const variable = lookup(reference.name);
  if (variable.state === 'unknown') return { known: false, why: variable.why };
  const empty = variable.state === 'unset' || (reference.operator.startsWith(':') && variable.value === '');
  switch (reference.operator.replace(':', '')) {
    case '':
    case '?':
      return variable.state === 'set'
        ? { known: true, value: variable.value }
        : { known: false, why: variable.why };
    case '-':
      if (!empty && variable.state === 'set') return { known: true, value: variable.value };
      return expand(reference.operand, lookup, escapeChar, depth + 1);
    case '+':
      return empty ? { known: true, value: '' } : expand(reference.operand, lookup, escapeChar, depth + 1);
    default:
      return { known: false, why: `a pattern changes ${reference.name}` };
  }
}
