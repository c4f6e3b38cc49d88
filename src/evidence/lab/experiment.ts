import * as z from 'zod';

export const notRun = z.strictObject({
  ran: z.literal(false),
  reason: z.string(),
  /** What would make it run, usually a configuration key. */
  help: z.exactOptional(z.string()),
});

/** An experiment that could not run. It yields no verdict. */
export type NotRun = z.infer<typeof notRun>;

/** An experiment never judges. It records what it did and what happened, or why it could not run. */
export type Experiment<History> = { ran: true; history: History } | NotRun;

export const experiment = <History extends z.ZodType>(history: History) =>
  z.discriminatedUnion('ran', [z.strictObject({ ran: z.literal(true), history }), notRun]);
