import type { Declared, Place } from '../../evidence/declared.ts';
import { singleLine } from '../../text/printable.ts';
import { recorded } from './secrets/literal-secrets.ts';

/** A text with its variables filled in, or why that is not possible. */
export type Expansion = { known: true; value: string } | { known: false; why: string };

/** A value that a file declares, as it is recorded. `text` is the value as written. */
export const declaredAs = (result: Expansion, text: string, at: Place): Declared<string> =>
  result.known ? { known: true, value: recorded(result.value), at } : unknownValue(text, result.why, at);

/** A value that the file alone does not determine. */
export const unknownValue = (text: string, why: string, at: Place) =>
  ({ known: false, text: recorded(text), why: singleLine(why), at }) as const;

/** An object without the members that are undefined: evidence survives JSON as it is. */
export function withoutUndefined<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
