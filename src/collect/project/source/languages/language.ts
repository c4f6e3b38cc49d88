import type { Place } from '../../../../evidence/declared.ts';
import type { HttpCall, Logger } from '../../../../evidence/source.ts';
import type { Reading } from '../facts/reading.ts';
import type { Call, SourceModule, Value } from '../module.ts';
import type { Names } from '../names.ts';

/** Adds the facts of one file. */
export type FactReader = (reading: Reading, language: Language) => void;

/** A call as a fact, by its full name; undefined for other calls. */
type Recogniser<Fact extends { at: Place }> = (
  name: string,
  call: Call,
  reading: Reading,
) => Omit<Fact, 'at'> | undefined;

/** A source language: how its files are read, and the names behind each fact. */
export interface Language {
  /** Files that are read by their syntax. */
  files: RegExp;
  /** Files that describe a package. */
  manifests: readonly string[];
  /** Keywords of the facts, as alternatives of a pattern. A file without any is not parsed. */
  keywords: string;
  /** @throws the parser's error for a text that it cannot read */
  read: (file: string, text: string) => SourceModule;
  /** A call to another server, with its time limit. */
  httpCall: Recogniser<HttpCall>;
  /** What may limit the time of other calls: called functions and assigned properties. */
  timeGuards: { called: RegExp; assigned?: RegExp };
  logger: Recogniser<Logger>;
  /** Functions that print a line, and those that convert a value to a text that is not JSON. */
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
  /** Calls that use a library, by full name. */
  libraries: Record<
    'caches' | 'errorTrackers' | 'measuring' | 'exposing' | 'rateLimiters' | 'listeners',
    RegExp
  >;
}
