import * as z from 'zod';
import { launchFacts } from './launch.ts';

/** One variable, and the start without it. */
export const withheldSecret = z.strictObject({
  name: z.string(),
  /** An environment file of the project that also sets the variable; null if none does. */
  envFile: z.string().nullable(),
  /** `empty` if there is an environment file: an empty variable takes precedence over it. */
  how: z.enum(['unset', 'empty']),
  launch: launchFacts,
});
export type WithheldSecret = z.infer<typeof withheldSecret>;

/** The server was started without each of its secrets in turn. */
export const missingSecretsHistory = z.strictObject({
  withheld: z.array(withheldSecret),
  /** Secrets beyond those that were tried. */
  untried: z.array(z.string()),
});
export type MissingSecretsHistory = z.infer<typeof missingSecretsHistory>;
