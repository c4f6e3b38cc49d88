import type { Place } from './project.ts';

/** What the source code says, read from its syntax tree. Only what is certain by itself is recorded. */
export interface SourceFacts {
  /** Files that were parsed, by language. */
  parsed: { typescript: number; javascript: number; python: number };
  /** Calls to other servers. `bounded: null`: whether it has a time limit cannot be told from here. */
  httpCalls: { library: string; call: string; bounded: boolean | null; at: Place }[];
  /** Logging libraries that are set up, and whether they write JSON as far as can be told. */
  loggers: { library: string; json: boolean | null; at: Place }[];
  /** Printed lines without level and structure. */
  plainOutput: { call: string; at: Place }[];
  signalHandlers: { signal: string; at: Place }[];
  caches: { library: string; at: Place }[];
  errorTrackers: { library: string; at: Place }[];
  metrics: { library: string; at: Place }[];
  rateLimiters: { library: string; at: Place }[];
}
