import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts, pid } from './launch.ts';

/** The client of a server over stdio left: the server's standard input ended, with a call in flight where one could be held. */
export const endOfInputHistory = z.strictObject({
  launch: launchFacts,
  /** The one that was in flight; none where none could be held. */
  calls: z.array(callRecord),
  /** Why no call was in flight; null: one was. */
  notHeld: z.string().nullable(),
  gateway: gatewayRecord,
  endedMs: atMs,
  /** When the command was over, or when nobody waited for that any longer. */
  waitedUntilMs: atMs,
  /** Processes of it that were left a while later. */
  left: z.array(pid),
});
export type EndOfInputHistory = z.infer<typeof endOfInputHistory>;
