import * as z from 'zod';
import { callRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/** One request to the lab's alert receiver. */
export const alertReceipt = z.strictObject({
  atMs,
  method: z.string(),
  /** Masked. */
  path: z.string(),
  /** The beginning of the body, masked. */
  body: z.string(),
  /** The canaries in the body. Headers may hold a credential of the sender. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type AlertReceipt = z.infer<typeof alertReceipt>;

/** Calls failed one after the other, with the lab's receiver at the alert URL. */
export const alertsHistory = z.strictObject({
  launch: launchFacts,
  /** The variable with the receiver's URL. */
  alertEnv: z.string(),
  calls: z.array(callRecord),
  /** Every request since the launch. */
  receipts: z.array(alertReceipt),
  /** Receipts beyond those that were recorded. */
  moreReceipts: z.int().nonnegative(),
  /** When calls began to fail. */
  faultMs: atMs,
  /** When the lab stopped waiting. */
  endedMs: atMs,
  gateway: gatewayRecord,
});
export type AlertsHistory = z.infer<typeof alertsHistory>;
