import * as z from 'zod';
import { place } from './declared.ts';

const tool = z.strictObject({ tool: z.string(), at: place });
const named = tool.extend({ name: z.string() });

/** Monitoring of the server, by the configuration files of its tools. */
export const observabilityFacts = z.strictObject({
  /** Collectors that forward log lines. */
  logCollectors: z.array(tool),
  /** Rules that raise an alert. */
  alertRules: z.array(named),
  /** Receivers and contact points that have a destination. */
  alertReceivers: z.array(named),
});
export type ObservabilityFacts = z.infer<typeof observabilityFacts>;
