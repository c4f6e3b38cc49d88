import * as z from 'zod';
import { pid } from './launch.ts';

export const destination = z.strictObject({ pid, host: z.string(), port: z.int() });
export type Destination = z.infer<typeof destination>;

/** What the processes of one launch reported about themselves and their connections. */
export const interpositionFacts = z.strictObject({
  /** Processes with the preload. Faults can be proven only if the process that listens is among them. */
  hellos: z.array(z.strictObject({ pid, runtime: z.enum(['node', 'python']) })),
  /** Destinations that were redirected to the gateway. */
  redirected: z.array(destination),
  /** Destinations that the server reached without the gateway. */
  direct: z.array(destination),
  /** Processes that exited normally; null: the runtime does not report the code. */
  exits: z.array(z.strictObject({ pid, code: z.int().nullable() })),
});
export type InterpositionFacts = z.infer<typeof interpositionFacts>;
