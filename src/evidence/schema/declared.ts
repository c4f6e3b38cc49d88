import * as z from 'zod';

export const place = z.strictObject({ file: z.string(), line: z.int().positive() });

/** @see Declared */
export const declared = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('known', [
    z.strictObject({ known: z.literal(true), value, at: place }),
    z.strictObject({ known: z.literal(false), text: z.string(), why: z.string(), at: place }),
  ]);

export const text = declared(z.string());
export const flag = declared(z.boolean());
export const variable = z.strictObject({ name: z.string(), value: text });

export const healthcheck = z.strictObject({
  kind: z.enum(['command', 'none']),
  command: z.string(),
  urls: z.array(z.string()),
  intervalSeconds: z.exactOptional(z.number()),
  at: place,
});
