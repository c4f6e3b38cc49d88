import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/**
 * Calls that succeed and fail, and the end of the server's input. Lines on stdout that are not messages are in the launch's
 * `output`. The lab did not silence npm or other wrappers.
 */
export const stdioPurityHistory = z.strictObject({
  launch: launchFacts,
  calls: z.array(callRecord),
  gateway: gatewayRecord,
});
export type StdioPurityHistory = z.infer<typeof stdioPurityHistory>;
