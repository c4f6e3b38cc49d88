import type { Place } from '../../../../evidence/declared.ts';
import type { HttpCall, Logger } from '../../../../evidence/source.ts';
import type { Reading } from '../facts/reading.ts';
import type { Call, SourceModule, Value } from '../module.ts';
import type { Names } from '../names.ts';

/** Adds what one file says to the facts. */
export type FactReader = (reading: Reading, language: Language) => void;

/** A call as a fact, by the full name of what is called; undefined: it is none. */
type Recogniser<Fact extends { at: Place }> = (
  name: string,
  call: Call,
  reading: Reading,
) => Omit<Fact, 'at'> | undefined;

/** A source language: how its files are read, and by what names its programs do what the facts are about. */
export interface Language {
  /** Files that are read by their syntax. */
  files: RegExp;
  /** Files that describe a package. */
  manifests: readonly string[];
  /** Words of what is looked for, as alternatives of a pattern. A file with none of them is not parsed. */
  words: string;
  /** @throws what the parser throws, where nothing can be made of the text */
  read: (file: string, text: string) => SourceModule;
  /** A call to another server, with its time limit. */
  httpCall: Recogniser<HttpCall>;
  /** What may bound other calls in time: functions that are called, and what is assigned to. */
  timeGuards: { called: RegExp; assigned?: RegExp };
  logger: Recogniser<Logger>;
  /** What prints a line, and what makes a text of a value: such a text is no JSON. */
  print: { calls: RegExp; toText: RegExp };
  signals: {
    /** The signal and the handler that a call registers. */
    handlerOf: (
      name: string,
      call: Call,
      names: Names,
    ) => { signal: string; value: Value | undefined } | undefined;
    exits: RegExp;
    prints: RegExp;
  };
  /** Calls that put a library to use, by full name. */
  libraries: Record<
    'caches' | 'errorTrackers' | 'measuring' | 'exposing' | 'rateLimiters' | 'listeners',
    RegExp
  >;
}
