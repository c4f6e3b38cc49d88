import * as z from 'zod';
import { callRecord, httpRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** The server was started as a user without rights, where it would be root otherwise. */
export const unprivilegedUserHistory = z.strictObject({
  /** Of that start; where nobody had to change the user, of the baseline's. */
  launch: launchFacts,
  /** User id that it was started as; null: its own, which is not root. */
  startedAs: z.int().nullable(),
  /** It could read every file, as an owner of the project could, because the project lies where that user may not look. */
  readsAll: z.boolean(),
  /** Directories that are not the server's own business: where the project lies, and where the lab keeps its files. */
  project: z.string(),
  lab: z.string(),
  /** Why an official client did not connect; null: it did, or the baseline's did not either. */
  failure: z.string().nullable(),
  calls: z.array(callRecord),
  requests: z.array(httpRecord),
  gateway: gatewayRecord,
});
export type UnprivilegedUserHistory = z.infer<typeof unprivilegedUserHistory>;
