import type { BurstFollowUp, WireEvidence } from '../evidence/wire.ts';

export type Elapsed = Pick<BurstFollowUp, 'waitedMs' | 'clock'>;

/** What to request from a launched instance. `WireOptions` of the wire collector explains each option. */
export interface WireRequest extends Omit<WireAudit, 'sse'> {
  url: URL;
  token?: string;
  otherToken?: string;
  secrets: Readonly<Record<string, string>>;
  concealed: readonly string[];
  headers: [];
  endpoints: { mcp?: string; sse?: string };
  healthPath?: string;
  tool?: { name: string; arguments: Record<string, unknown> };
  scope?: 'burst';
  elapse?: (milliseconds: number) => Promise<Elapsed | undefined>;
  standIn?: { hosts: readonly string[]; port: number; certificate: string };
  clientVersion: string;
  signal: AbortSignal;
  onProgress?: (step: string) => void;
}

/** The wire collector. It is injected, because the lab imports no collector. */
export type CollectWire = (request: WireRequest) => Promise<WireEvidence>;

/** What the configuration and the command line say about it. */
export interface WireAudit {
  polledPaths?: string[];
  burst?: boolean;
  sse?: string;
  /** Milliseconds for each request, and for all of them. */
  timeoutMs: number;
  budgetMs: number;
}
