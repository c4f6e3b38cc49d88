import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/** One request that reached the lab's own receiver of alerts. */
export const alertReceipt = z.strictObject({
  atMs,
  method: z.string(),
  /** Masked. */
  path: z.string(),
  /** The beginning of it, masked. */
  body: z.string(),
  /** The canaries that stood in the body. Headers may hold the one that lets the sender in. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type AlertReceipt = z.infer<typeof alertReceipt>;

/** Calls were made to fail one after the other, with the lab's own receiver where alerts are sent. */
export const alertsHistory = z.strictObject({
  launch: launchFacts,
  /** The variable that told the server of the receiver. */
  alertEnv: z.string(),
  calls: z.array(callRecord),
  /** All that came, from the launch on. */
  receipts: z.array(alertReceipt),
  /** Receipts beyond those that were recorded. */
  moreReceipts: z.int().nonnegative(),
  /** From here on calls failed. */
  faultMs: atMs,
  /** When nothing more was waited for. */
  endedMs: atMs,
  gateway: gatewayRecord,
});
export type AlertsHistory = z.infer<typeof alertsHistory>;
