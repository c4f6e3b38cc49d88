import { InvalidArgumentError } from 'commander';
import { staysAtOrigin } from '../config/paths.ts';
import { parseObject } from '../text/json.ts';
import { usageError } from './exit.ts';

/** Parser of an option that takes a whole number in a range. */
export function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** Parser of a repeatable option that takes one of the known values. */
export function oneOfMany(known: readonly string[]): (text: string, previous?: string[]) => string[] {
  return (text, previous = []) => {
    if (!known.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    return [...previous, text];
  };
}

/** Parser of a repeatable option that takes any value. */
export const manyOf = (text: string, previous: string[] = []): string[] => [...previous, text];

export interface Header {
  name: string;
  value: string;
}

/** RFC 9110 section 5.6.2 (token) and section 5.5 (field values without control characters). */
const headerSyntax =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?)$/;

/** Parser of the repeatable `--header "Name: value"`. The error never quotes the value, which may be a secret. */
export function header(text: string, previous: Header[] = []): Header[] {
  const [, name, value] = headerSyntax.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    // Commander would quote the value of an InvalidArgumentError.
    throw usageError('--header does not have the form "Name: value".', 'Example: --header "X-Api-Key: …"');
  }
  return [...previous, { name, value: value.trim() }];
}

/** Parser of a path on the server. */
export function urlPath(text: string): string {
  if (!/^\/[\x21-\x7e]*$/.test(text) || !staysAtOrigin(text)) {
    throw new InvalidArgumentError('Give a path that starts with one "/".');
  }
  return text;
}

/** Parser of a tool's name. An empty name is usually an unset variable. */
export function toolName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Give the name of a tool.');
  return text;
}

/** Parser of an option that takes a JSON object. The error never quotes the text, which may contain a secret. */
export function jsonObject(option: string): (text: string) => Record<string, unknown> {
  return (text) => {
    const value = parseObject(text);
    if (value === undefined) {
      throw usageError(`${option} is not a JSON object.`, `Example: ${option} '{"city":"London"}'`);
    }
    return value;
  };
}
