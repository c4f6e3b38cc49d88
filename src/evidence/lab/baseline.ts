import * as z from 'zod';
import { callRecord, chosenTool, connectionFacts, httpRecord, noTool } from './client.ts';
import { gatewayRecord } from './gateway.ts';
import { interpositionFacts } from './interposition.ts';
import { launchFacts } from './launch.ts';

/** The server when nothing is wrong: what can be called, and whether upstream requests reach the gateway. */
export const baselineHistory = z.strictObject({
  launch: launchFacts,
  /** Null: nothing listens, or no endpoint was found. */
  connection: connectionFacts.nullable(),
  /** Failed attempts to connect, with what came instead. Over stdio the URL is null. */
  attempts: z.array(z.strictObject({ url: z.string().nullable(), outcome: z.string() })),
  /** The tool that is called; null: no client was served. */
  tool: z.discriminatedUnion('chosen', [chosenTool, noTool]).nullable(),
  calls: z.array(callRecord),
  /** GET on the configured health path, or on a made-up path and the usual ones until one was found. The found path is polled twice. */
  health: z.array(httpRecord),
  gateway: gatewayRecord,
  interposition: interpositionFacts,
});
export type BaselineHistory = z.infer<typeof baselineHistory>;
