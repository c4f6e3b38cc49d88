import { collectWire } from '../collect/wire/collect.ts';
import type { WireOptions } from '../collect/wire/options.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { tokenFor } from './client/endpoint.ts';
import type { KnownServer } from './known-server.ts';
import { type Instance, startInstance } from './world/instance.ts';
import type { World } from './world/world.ts';

/** What only the audit knows: what to ask beyond the usual, and how long. */
export type WireAudit = Pick<WireOptions, 'polledPaths' | 'burst' | 'timeoutMs' | 'budgetMs'> & {
  sse?: string;
};

/**
 * Audits a launched instance over the wire, as any running server is audited, but that its secrets are known.
 *
 * @returns null when nothing listens
 * @throws the reason of an abort
 */
export async function auditWire(
  run: World,
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
    return await collectWire({
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
export async function targetOf(run: World, { endpoint }: KnownServer, instance: Instance) {
  const { plan, canaries, authorization, authority, credential } = run;
  const token = await tokenFor(run, instance);
  return {
    url: new URL(endpoint ?? plan.endpoint ?? '/mcp', instance.server.origin ?? ''),
    ...(token !== undefined && { token }),
    secrets: canaries.values,
    concealed: [credential.value],
    headers: [],
    endpoints: endpoint === null ? {} : { mcp: endpoint },
    ...(authorization !== null && { standIn: { ...authorization, certificate: authority.certificate } }),
    clientVersion: plan.clientVersion,
    signal: run.signal,
  } satisfies Partial<WireOptions>;
}
