import * as z from 'zod';
import { httpRecord } from './client.ts';
import { atMs, launchFacts } from './launch.ts';

/** The server was started while another program listened on its port. */
export const portTakenHistory = z.strictObject({
  launch: launchFacts,
  /** What the lab asked if the server listened on another port. */
  requests: z.array(httpRecord),
  /** How long the lab waited for the exit. */
  waitedMs: atMs,
});
export type PortTakenHistory = z.infer<typeof portTakenHistory>;
