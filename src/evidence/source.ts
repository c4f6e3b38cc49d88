import type { Place } from './declared.ts';

/** What the source code says, read from its syntax tree. Only what is certain by itself is recorded. */
export interface SourceFacts {
  /** Files that were parsed, by language. */
  parsed: { typescript: number; javascript: number; python: number };
  /** Files of these languages that could not be parsed, or for which there was no room. */
  unparsed: number;
  /** Folders with a package's description of its own (package.json, pyproject.toml); `''` is the project's. */
  packages: string[];
  /** Imports of an MCP library: these files belong to a server, or to a client. */
  mcpImports: LibraryUse[];
  /** Calls to other servers. */
  httpCalls: HttpCall[];
  /** What may give calls a time limit from outside: `asyncio.wait_for`, `Promise.race`, a `withTimeout` of the project. */
  timeGuards: { call: string; at: Place }[];
  loggers: Logger[];
  /** Printed lines without level and structure. `start`: it looks like one that is printed once, outside of any request. */
  plainOutput: { call: string; when: 'start' | 'running'; at: Place }[];
  /** Where an HTTP server begins to listen. */
  listeners: LibraryUse[];
  /** `exitsAtOnce`: all it does is to leave. */
  signalHandlers: { signal: string; exitsAtOnce: boolean; at: Place }[];
  caches: LibraryUse[];
  /** Error trackers that are initialised. */
  errorTrackers: LibraryUse[];
  /** `measures`: a counter, a histogram; `exposes`: what a scraper reads or a collector is sent. */
  metrics: (LibraryUse & { role: 'measures' | 'exposes' })[];
  rateLimiters: LibraryUse[];
}

export interface LibraryUse {
  library: string;
  at: Place;
}

export interface HttpCall {
  library: string;
  /** As a person would name it: `axios.get`, `fetch`. */
  call: string;
  /**
   * `none`: nothing that is given ends it. `wait`: the wait for an answer ends, or the silence between two bytes, but a
   * body may drip for ever. `whole`: it ends, body included. `unknown`: it cannot be told from here.
   */
  limit: 'none' | 'wait' | 'whole' | 'unknown';
  at: Place;
}

export interface Logger {
  library: string;
  /** `template`: JSON by string formatting, which a quote in a message breaks. */
  form: 'json' | 'template' | 'text' | 'unknown';
  at: Place;
}
