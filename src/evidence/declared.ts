import * as z from 'zod';

/** A line of a file in the project. */
export const place = z.strictObject({
  /** Relative to the project's directory. */
  file: z.string(),
  /** From 1. */
  line: z.int().positive(),
});
export type Place = z.infer<typeof place>;

/**
 * A value that a file declares. If only the build or the platform knows it, `text` is as written in the file and `why` names
 * what is missing.
 */
const declared = <Value extends z.ZodType>(value: Value) =>
  z.discriminatedUnion('known', [
    z.strictObject({ known: z.literal(true), value, at: place }),
    z.strictObject({ known: z.literal(false), text: z.string(), why: z.string(), at: place }),
  ]);
export type Declared<Value> = z.infer<ReturnType<typeof declared<z.ZodType<Value>>>>;

export const text = declared(z.string());
export const flag = declared(z.boolean());

/** An environment variable or a build argument. */
export const variable = z.strictObject({ name: z.string(), value: text });

/** A health check of a container. */
export const healthcheck = z.strictObject({
  /** `none` disables the health check of the image. */
  kind: z.enum(['command', 'none']),
  /** The command on one line. */
  command: z.string(),
  /** URLs in the command, such as `http://127.0.0.1:3000/health`. */
  urls: z.array(z.string()),
  /** Seconds between checks, where declared. */
  intervalSeconds: z.exactOptional(z.number()),
  at: place,
});
export type Healthcheck = z.infer<typeof healthcheck>;
