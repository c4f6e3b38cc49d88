import * as z from 'zod';
import type { ObservabilityFacts } from '../observability.ts';
import type { SourceFacts } from '../source.ts';
import { place } from './declared.ts';
import type { Same } from './same.ts';

const library = z.strictObject({ library: z.string(), at: place });
const tool = z.strictObject({ tool: z.string(), at: place });
const namedTool = tool.extend({ name: z.string() });

export const observability = z.strictObject({
  logCollectors: z.array(tool),
  alertRules: z.array(namedTool),
  alertReceivers: z.array(namedTool),
});

export const source = z.strictObject({
  parsed: z.strictObject({ typescript: z.int(), javascript: z.int(), python: z.int() }),
  httpCalls: z.array(library.extend({ call: z.string(), bounded: z.boolean().nullable() })),
  loggers: z.array(library.extend({ json: z.boolean().nullable() })),
  plainOutput: z.array(z.strictObject({ call: z.string(), at: place })),
  signalHandlers: z.array(z.strictObject({ signal: z.string(), at: place })),
  caches: z.array(library),
  errorTrackers: z.array(library),
  metrics: z.array(library),
  rateLimiters: z.array(library),
});

true satisfies Same<z.infer<typeof observability>, ObservabilityFacts>;
true satisfies Same<z.infer<typeof source>, SourceFacts>;
