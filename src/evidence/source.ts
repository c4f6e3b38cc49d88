import * as z from 'zod';
import { place } from './declared.ts';

const call = z.strictObject({ call: z.string(), at: place });

const libraryUse = z.strictObject({ library: z.string(), at: place });

const httpCall = libraryUse.extend({
  /** As the code writes it: `axios.get`, `fetch`. */
  call: z.string(),
  /**
   * - `none`: nothing limits the call
   * - `wait`: the wait for a response is limited, or the silence between two bytes; a slow body is not
   * - `whole`: the whole call is limited, body included
   * - `unknown`: the code does not tell
   */
  limit: z.enum(['none', 'wait', 'whole', 'unknown']),
});
export type HttpCall = z.infer<typeof httpCall>;

const logger = libraryUse.extend({
  /** `template`: JSON by string formatting, which a quote in a message breaks. */
  form: z.enum(['json', 'template', 'text', 'unknown']),
});
export type Logger = z.infer<typeof logger>;

/** What the syntax trees of the source code show. A fact is recorded only where the code alone proves it. */
export const sourceFacts = z.strictObject({
  /** Parsed files by language. */
  parsed: z.strictObject({ typescript: z.int(), javascript: z.int(), python: z.int() }),
  /** Files of these languages that could not be parsed, or that exceeded the limits. */
  unparsed: z.int(),
  /** Folders that describe a package (package.json, pyproject.toml). `''` is the project's own. */
  packages: z.array(z.string()),
  /** Imports of an MCP library. The file belongs to a server or to a client. */
  mcpImports: z.array(libraryUse),
  /** Calls to other servers. */
  httpCalls: z.array(httpCall),
  /** What may limit calls from outside: `asyncio.wait_for`, `Promise.race`, the project's own `withTimeout`. */
  timeGuards: z.array(call),
  loggers: z.array(logger),
  /** Printed lines without level and structure. `start`: the line looks like one that is printed once, outside of requests. */
  plainOutput: z.array(call.extend({ when: z.enum(['start', 'running']) })),
  /** Where an HTTP server begins to listen. */
  listeners: z.array(libraryUse),
  /** `exitsAtOnce`: the handler only exits. */
  signalHandlers: z.array(z.strictObject({ signal: z.string(), exitsAtOnce: z.boolean(), at: place })),
  caches: z.array(libraryUse),
  /** Error trackers that the code initialises. */
  errorTrackers: z.array(libraryUse),
  /** `measures`: a counter, a histogram. `exposes`: a scrape route, or an exporter to a collector. */
  metrics: z.array(libraryUse.extend({ role: z.enum(['measures', 'exposes']) })),
  rateLimiters: z.array(libraryUse),
});
export type SourceFacts = z.infer<typeof sourceFacts>;
