import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/**
 * Calls that went well and badly, and the end of the server's input. What stood on its stdout and is no message is in the
 * launch's `output`; nothing kept npm or others that start it from writing there.
 */
export const stdioPurityHistory = z.strictObject({
  launch: launchFacts,
  calls: z.array(callRecord),
  gateway: gatewayRecord,
});
export type StdioPurityHistory = z.infer<typeof stdioPurityHistory>;
