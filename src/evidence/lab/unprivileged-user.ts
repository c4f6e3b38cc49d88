import * as z from 'zod';
import { callRecord, httpRecord } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { launchFacts } from './launch.ts';

/** The server was started as an unprivileged user, if it would be root otherwise. */
export const unprivilegedUserHistory = z.strictObject({
  /** Of that start; of the baseline if the user was not changed. */
  launch: launchFacts,
  /** The user id of that start; null: the server already runs as a user other than root. */
  startedAs: z.int().nullable(),
  /** The user could read every file, because the project is in a directory that the user may not enter. */
  readsAll: z.boolean(),
  /** The directories of the project and of the lab's files. */
  project: z.string(),
  lab: z.string(),
  /** Why an official client did not connect; null: it did, or did not in the baseline either. */
  failure: z.string().nullable(),
  calls: z.array(callRecord),
  requests: z.array(httpRecord),
  gateway: gatewayRecord,
});
export type UnprivilegedUserHistory = z.infer<typeof unprivilegedUserHistory>;
