import * as z from 'zod';
import { connectionFacts } from './client.ts';
import { launchFacts } from './launch.ts';

/** A client that speaks the revisions of one era only tried to connect, on an instance of its own. */
export const revisionAttempt = z.strictObject({
  era: z.enum(['legacy', 'modern']),
  /** While it ran: an end in it came by itself. */
  launch: launchFacts,
  /** Null: it was not served. */
  connection: connectionFacts.nullable(),
  /** Why it was not, in the client's words. */
  refusal: z.string().nullable(),
});
export type RevisionAttempt = z.infer<typeof revisionAttempt>;

export const revisionsHistory = z.strictObject({ attempts: z.array(revisionAttempt) });
export type RevisionsHistory = z.infer<typeof revisionsHistory>;
