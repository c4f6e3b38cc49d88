import * as z from 'zod';
import { gatewayRecord } from './gateway.ts';
import { atMs, launchFacts } from './launch.ts';

/**
 * What came for a line; texts are the beginning of them.
 * - `none`: nothing came; `over` says that the server's output ended first
 */
const lineAnswer = z.discriminatedUnion('kind', [
  /** `isError` as a tool says it of its call; `text` is what it tells a model. */
  z.strictObject({ kind: z.literal('result'), isError: z.boolean(), text: z.string() }),
  /** `text` is all that it says, its data included. */
  z.strictObject({ kind: z.literal('error'), code: z.number(), text: z.string() }),
  z.strictObject({ kind: z.literal('none'), over: z.boolean() }),
]);

/** One line that was written to a server over stdio by hand. */
export const lineRecord = z.strictObject({
  /** Masked, or the beginning of it. */
  line: z.string(),
  sentMs: atMs,
  endedMs: atMs,
  answer: lineAnswer,
  /** The canaries that stood in the answer, whole answer included. */
  canaries: z.exactOptional(z.array(z.string())),
});
export type LineRecord = z.infer<typeof lineRecord>;

/**
 * - `before`, `after`: an honest request, to know a server that lives
 * - `unknown-method`, `bad-arguments`: requests that are wrong
 * - `unreadable`: a line that is no JSON
 */
export const badLine = z.strictObject({
  ...lineRecord.shape,
  purpose: z.enum(['before', 'unknown-method', 'bad-arguments', 'unreadable', 'after']),
  /** What the tool's schema forbids in bad arguments. */
  defect: z.exactOptional(z.strictObject({ argument: z.string(), how: z.enum(['missing', 'wrong-type']) })),
});
export type BadLine = z.infer<typeof badLine>;

/** Bad input over stdio, in the order of sending. Nothing more was sent when the server's output had ended. */
export const badInputHistory = z.strictObject({
  launch: launchFacts,
  lines: z.array(badLine),
  gateway: gatewayRecord,
});
export type BadInputHistory = z.infer<typeof badInputHistory>;
