import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts, pid } from './launch.ts';

/** The client closed the server's stdin, with a call in flight if one could be held. */
export const endOfInputHistory = z.strictObject({
  launch: launchFacts,
  /** The call in flight, if there was one. */
  calls: z.array(callRecord),
  /** Why no call was in flight; null if one was. */
  notHeld: z.string().nullable(),
  gateway: gatewayRecord,
  endedMs: atMs,
  /** When the command exited, or the time was up. */
  waitedUntilMs: atMs,
  /** Processes of the server that still ran a while later. */
  left: z.array(pid),
});
export type EndOfInputHistory = z.infer<typeof endOfInputHistory>;
