import type { Place } from './declared.ts';

/** What a project declares about watching the server: read from the tools’ own configuration formats. */
export interface ObservabilityFacts {
  /** Collectors that carry log lines away, by their own configuration files. */
  logCollectors: { tool: string; at: Place }[];
  /** Rules that raise an alert. */
  alertRules: { tool: string; name: string; at: Place }[];
  /** Who is told: a receiver or contact point with somewhere to send to. */
  alertReceivers: { tool: string; name: string; at: Place }[];
}
