import type { BurstFollowUp, WireEvidence } from '../evidence/wire.ts';
import { usualEndpoint } from '../protocol/usual-paths.ts';
import { tokenFor } from './client/endpoint.ts';
import type { KnownServer } from './known-server.ts';
import { type Instance, startInstance } from './world/instance.ts';
import type { LabRun } from './world/world.ts';

export type Elapsed = Pick<BurstFollowUp, 'waitedMs' | 'clock'>;

/** What is asked of a launched instance, as whom, and within which bounds. The options of the wire collector explain each. */
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

/** Audits a server over the wire: the collector, which the lab is given. */
export type CollectWire = (request: WireRequest) => Promise<WireEvidence>;

/** What only the audit knows: what to ask beyond the usual, and how long. */
export interface WireAudit {
  polledPaths?: string[];
  burst?: boolean;
  sse?: string;
  /** Milliseconds for each request, and for all of them. */
  timeoutMs: number;
  budgetMs: number;
}

/**
 * Audits a launched instance over the wire, as any running server is audited, but that its secrets are known.
 *
 * @returns null when nothing listens
 * @throws the reason of an abort
 */
export async function auditWire(
  run: LabRun & { collectWire: CollectWire },
  known: KnownServer,
  { sse, ...options }: WireAudit,
  onProgress: (step: string) => void,
): Promise<WireEvidence | null> {
  const { health, tool } = known;
  const instance = await startInstance(run);
  try {
    if (instance.server.origin === null) return null;
    const target = await targetOf(run, known, instance);
    const words = tool?.arguments(0);
    return await run.collectWire({
      ...options,
      ...target,
      endpoints: { ...target.endpoints, ...(sse !== undefined && { sse }) },
      ...(health !== null && { healthPath: health }),
      ...(tool !== null && words !== undefined && { tool: { name: tool.name, arguments: words } }),
      onProgress,
    });
  } finally {
    await instance.stop();
  }
}

/** A launched instance as the wire knows it, and who asks. */
export async function targetOf(run: LabRun, { endpoint }: KnownServer, instance: Instance) {
  const { plan, canaries, authorization, authority, credential } = run;
  const token = await tokenFor(run, instance);
  return {
    url: new URL(endpoint ?? plan.endpoint ?? usualEndpoint, instance.server.origin ?? ''),
    ...(token !== undefined && { token }),
    secrets: canaries.values,
    concealed: [credential.value],
    headers: [] as [],
    endpoints: endpoint === null ? {} : { mcp: endpoint },
    ...(authorization !== null && { standIn: { ...authorization, certificate: authority.certificate } }),
    clientVersion: plan.clientVersion,
    signal: plan.signal,
  } satisfies Partial<WireRequest>;
}
