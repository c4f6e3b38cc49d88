import * as z from 'zod';
import { connectionFacts } from './client.ts';
import { launchFacts } from './launch.ts';

/** A client of one era tried to connect to its own instance. */
export const revisionAttempt = z.strictObject({
  era: z.enum(['legacy', 'modern']),
  /** From before the lab stopped the server: an exit in it is the server's own. */
  launch: launchFacts,
  /** Null: the client was not served. */
  connection: connectionFacts.nullable(),
  /** Why it was not, as the client reports it. */
  refusal: z.string().nullable(),
});
export type RevisionAttempt = z.infer<typeof revisionAttempt>;

export const revisionsHistory = z.strictObject({ attempts: z.array(revisionAttempt) });
export type RevisionsHistory = z.infer<typeof revisionsHistory>;
