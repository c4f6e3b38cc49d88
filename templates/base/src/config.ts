import * as z from 'zod';

/** The environment does not allow a start. The message names every variable at fault and never repeats a value. */
export class ConfigError extends Error {}

/** Reads `.env` beside package.json, when there is one. Variables that are set already win. */
export function loadDotEnv(file: URL = new URL('../.env', import.meta.url)): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Validates the environment against a table of variables. Each module keeps the table of what it needs beside the code
 * that uses it; the entry points put the tables together.
 *
 * @throws ConfigError naming all missing and invalid variables at once
 */
export function readSettings<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<Shape>> {
  // An empty value counts as not set: `.env` and compose files list variables that are yet to be filled in.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  const problems = new Set(result.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`));
  throw new ConfigError(`Configuration error: ${[...problems].join('; ')}`);
}

/** A variable without a default. `purpose` tells the operator what to put in. */
export function required(purpose: string) {
  return z.string({ error: `is not set (${purpose})` });
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }));
}

/** The address of a service. */
export function httpUrl() {
  return z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
}

/** Values separated by commas; spaces around them and empty ones do not count. */
export function commaList() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
}
