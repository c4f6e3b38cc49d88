import * as z from 'zod';
import { httpRecord } from './client.ts';
import { atMs, launchFacts } from './launch.ts';

/** The server was started while another program listened on its port. */
export const portTakenHistory = z.strictObject({
  launch: launchFacts,
  /** What was asked where it listened on another port. */
  requests: z.array(httpRecord),
  /** How long its end was waited for. */
  waitedMs: atMs,
});
export type PortTakenHistory = z.infer<typeof portTakenHistory>;
