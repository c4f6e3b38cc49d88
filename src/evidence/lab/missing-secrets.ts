import * as z from 'zod';
import { launchFacts } from './launch.ts';

/** One variable that holds a secret, and the starts without it. */
export const withheldSecret = z.strictObject({
  name: z.string(),
  /** The project's own environment file that names it as well, which the server may read; null: none does. */
  envFile: z.string().nullable(),
  /** Unset; or empty where there is such a file, which the empty string goes before. */
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
