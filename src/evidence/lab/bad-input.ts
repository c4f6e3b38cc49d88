import * as z from 'zod';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/** The response to a line, of texts the beginning. `none`: no response came; `over` says that the server's output ended first. */
const lineAnswer = z.discriminatedUnion('kind', [
  /** `text` is the content for a model. */
  z.strictObject({ kind: z.literal('result'), isError: z.boolean(), text: z.string() }),
  /** `text` is the whole error, its data included. */
  z.strictObject({ kind: z.literal('error'), code: z.number(), text: z.string() }),
  z.strictObject({ kind: z.literal('none'), over: z.boolean() }),
]);

/** One line that the lab wrote to a server over stdio, beside the official client. */
export const lineRecord = z.strictObject({
  /** The beginning, masked. */
  line: z.string(),
  sentMs: atMs,
  endedMs: atMs,
  answer: lineAnswer,
  /** The canaries in the whole response. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type LineRecord = z.infer<typeof lineRecord>;

/**
 * - `before`, `after`: a valid request, which shows whether the server lives
 * - `unknown-method`, `bad-arguments`: invalid requests
 * - `unreadable`: a line that is not JSON
 */
export const badLine = z.strictObject({
  ...lineRecord.shape,
  purpose: z.enum(['before', 'unknown-method', 'bad-arguments', 'unreadable', 'after']),
  /** How bad arguments violate the tool's schema. */
  defect: z.exactOptional(z.strictObject({ argument: z.string(), how: z.enum(['missing', 'wrong-type']) })),
});
export type BadLine = z.infer<typeof badLine>;

/** Bad input over stdio, in the order of sending. The lab stopped when the server's output ended. */
export const badInputHistory = z.strictObject({
  launch: launchFacts,
  lines: z.array(badLine),
  gateway: gatewayRecord,
});
export type BadInputHistory = z.infer<typeof badInputHistory>;
