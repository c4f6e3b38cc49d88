import type { Place } from '../../../../evidence/declared.ts';
import type { HttpCall, SourceFacts } from '../../../../evidence/source.ts';
import type { Call, SourceModule, Value } from '../module.ts';
import type { Names } from '../names.ts';

/** One file with its resolved names, and the facts to extend. */
export interface Reading {
  module: SourceModule;
  names: Names;
  facts: SourceFacts;
}

export const placeOf = (module: SourceModule, line: number): Place => ({ file: module.file, line });

/** The options of a call. `open`: the call may have more than the code shows. */
export interface Options {
  entries: ReadonlyMap<string, Value>;
  open: boolean;
}

/** @param index of the argument with the options, where they are not keywords */
export function optionsAt(call: Call, index: number, names: Names): Options {
  const value = names.literal(call.args[index]);
  if (value === undefined) return { entries: call.keywords, open: call.open };
  return value.kind === 'object' ? value : { entries: new Map(), open: value.kind !== 'constant' };
}

export const keywordsOf = (call: Call): Options => ({ entries: call.keywords, open: call.open });

/** Whether a value is `null`, `undefined`, `None`, `false` or `0`. */
export const isFalsy = (value: Value | undefined): boolean =>
  (value?.kind === 'constant' && value.value !== true) || (value?.kind === 'number' && value.value === 0);

type Limit = HttpCall['limit'];

/**
 * The limit of the object whose method is called; `unknown` where its creations differ.
 *
 * @param limitOf the limit by the options of a call that creates the object
 * @param fallback the limit where the code does not show the creation
 */
export function instanceLimit(
  call: Call,
  names: Names,
  limitOf: (maker: Call) => Limit,
  fallback: Limit = 'unknown',
): Limit {
  const makers = names.makersOf(call);
  const [limit, ...others] = new Set(makers?.map(limitOf) ?? [fallback]);
  return limit !== undefined && others.length === 0 ? limit : 'unknown';
}
