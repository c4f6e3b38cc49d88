import * as z from 'zod';

/** Milliseconds since the instance was launched. All records of an instance use this clock. */
export const atMs = z.number().nonnegative();
export const pid = z.int().nonnegative();

export const exitRecord = z.strictObject({ atMs, code: z.int().nullable(), signal: z.string().nullable() });
export type ExitRecord = z.infer<typeof exitRecord>;

/** One process as the system describes it. Null: this system does not say. */
export const processFacts = z.strictObject({
  pid,
  /** Effective user id. */
  uid: z.int().nullable(),
  residentBytes: z.number().nullable(),
  openFiles: z.int().nullable(),
  /** Soft and hard limit; null within: unlimited. */
  openFilesLimit: z.strictObject({ soft: z.number().nullable(), hard: z.number().nullable() }).nullable(),
  /** Every address the process listens on: "0.0.0.0:3000", "[::]:3000". */
  listens: z.array(z.string()),
  /** Every process of the session at that time. */
  session: z.array(pid),
});
export type ProcessFacts = z.infer<typeof processFacts>;

/**
 * - `listening`: a process of the session listens; `port` is where, whatever was asked for
 * - `speaking`: over stdio, a client was served; `processes` are those of the session at that time, and `uid` is the effective
 *   user id of the start command, null if the system does not say
 * - `exited`: the start command ended before anything listened, or spoke
 * - `silent`: nothing listened, or no client was served, until the time was up
 */
export const launchOutcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('listening'),
    afterMs: atMs,
    port: z.int(),
    portIgnored: z.boolean(),
    listener: processFacts,
  }),
  z.strictObject({
    kind: z.literal('speaking'),
    afterMs: atMs,
    uid: z.int().nullable(),
    processes: z.array(pid),
  }),
  z.strictObject({ kind: z.literal('exited') }),
  z.strictObject({ kind: z.literal('silent'), afterMs: atMs, processes: z.array(pid) }),
]);
export type LaunchOutcome = z.infer<typeof launchOutcome>;

export const outputLine = z.strictObject({
  stream: z.enum(['stdout', 'stderr']),
  atMs,
  text: z.string(),
  /** The line was longer, or the stream ended within it. It cannot be judged as a whole. */
  cut: z.exactOptional(z.literal(true)),
  /** The canaries in the whole line. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type OutputLine = z.infer<typeof outputLine>;

export const outputFacts = z.strictObject({
  /** In the order of arrival. Of long output the beginning and the end. */
  lines: z.array(outputLine),
  /** What was left out in the middle. */
  droppedLines: z.int(),
  droppedBytes: z.int(),
});
export type OutputFacts = z.infer<typeof outputFacts>;

/** One launch of the start command. */
export const launchFacts = z.strictObject({
  /** The start command became this one; it is the leader of its session. */
  pid,
  /** How it was run: as words, or by `/bin/sh -c`. */
  shell: z.boolean(),
  /** The port that was asked for; null: it speaks stdio. */
  port: z.int().nullable(),
  /** The variable with that port; null: it speaks stdio. */
  portEnv: z.string().nullable(),
  outcome: launchOutcome,
  /** Null while it runs. */
  exit: exitRecord.nullable(),
  /** Over stdio, without the messages: what stands on stdout here belongs to no protocol. */
  output: outputFacts,
  /** Over stdio: messages that were read from stdout. */
  messages: z.exactOptional(z.int()),
});
export type LaunchFacts = z.infer<typeof launchFacts>;
