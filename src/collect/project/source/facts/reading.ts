import type { Place } from '../../../../evidence/declared.ts';
import type { SourceFacts } from '../../../../evidence/source.ts';
import type { Call, SourceModule, Value } from '../module.ts';
import type { Names } from '../names.ts';

/** What facts are read from: one file, and what its names stand for. */
export interface Reading {
  module: SourceModule;
  names: Names;
  facts: SourceFacts;
}

export const placeOf = (module: SourceModule, line: number): Place => ({ file: module.file, line });

/** The options of a call: keywords, or the object at this index. `open`: there may be more than can be seen. */
export interface Options {
  entries: ReadonlyMap<string, Value>;
  open: boolean;
}

/** @param index of the argument that is an object of options */
export function optionsAt(call: Call, index: number, names: Names): Options {
  const value = names.literal(call.args[index]);
  if (value === undefined) return { entries: call.keywords, open: call.open };
  return value.kind === 'object' ? value : { entries: new Map(), open: value.kind !== 'constant' };
}

export const keywordsOf = (call: Call): Options => ({ entries: call.keywords, open: call.open });

/** Whether a value says that there is none: `null`, `undefined`, `None`, `false`, `0`. */
export const isNothing = (value: Value | undefined): boolean =>
  (value?.kind === 'constant' && value.value !== true) || (value?.kind === 'number' && value.value === 0);
