import * as z from 'zod';
import type { ObservabilityFacts } from '../observability.ts';
import type { SourceFacts } from '../source.ts';
import { place } from './declared.ts';
import type { Same } from './same.ts';

const library = z.strictObject({ library: z.string(), at: place });
const call = z.strictObject({ call: z.string(), at: place });
const tool = z.strictObject({ tool: z.string(), at: place });
const namedTool = tool.extend({ name: z.string() });

export const observability = z.strictObject({
  logCollectors: z.array(tool),
  alertRules: z.array(namedTool),
  alertReceivers: z.array(namedTool),
});

export const source = z.strictObject({
  parsed: z.strictObject({ typescript: z.int(), javascript: z.int(), python: z.int() }),
  unparsed: z.int(),
  packages: z.array(z.string()),
  mcpImports: z.array(library),
  httpCalls: z.array(
    library.extend({ call: z.string(), limit: z.enum(['none', 'wait', 'whole', 'unknown']) }),
  ),
  timeGuards: z.array(call),
  loggers: z.array(library.extend({ form: z.enum(['json', 'template', 'text', 'unknown']) })),
  plainOutput: z.array(call.extend({ when: z.enum(['start', 'running']) })),
  listeners: z.array(library),
  signalHandlers: z.array(z.strictObject({ signal: z.string(), exitsAtOnce: z.boolean(), at: place })),
  caches: z.array(library),
  errorTrackers: z.array(library),
  metrics: z.array(library.extend({ role: z.enum(['measures', 'exposes']) })),
  rateLimiters: z.array(library),
});

true satisfies Same<z.infer<typeof observability>, ObservabilityFacts>;
true satisfies Same<z.infer<typeof source>, SourceFacts>;
