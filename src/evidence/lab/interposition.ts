import * as z from 'zod';
import { pid } from './launch.ts';

export const destination = z.strictObject({ pid, host: z.string(), port: z.int() });
export type Destination = z.infer<typeof destination>;

/** What the processes of one launch told about themselves, and about connections they made. */
export const interpositionFacts = z.strictObject({
  /** Processes that the preload is in. Faults are provable only if the process that listens is among them. */
  hellos: z.array(z.strictObject({ pid, runtime: z.enum(['node', 'python']) })),
  /** Destinations that were pointed at the gateway. */
  redirected: z.array(destination),
  /** Destinations that the server reached without the gateway. */
  direct: z.array(destination),
  /** Processes that came to an orderly end; null: the runtime does not tell the code. */
  exits: z.array(z.strictObject({ pid, code: z.int().nullable() })),
});
export type InterpositionFacts = z.infer<typeof interpositionFacts>;
