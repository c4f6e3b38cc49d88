import type { WireEvidence } from '../evidence/wire.ts';
import { usualEndpoint } from '../protocol/usual-paths.ts';
import { tokenFor } from './client/endpoint.ts';
import type { KnownServer } from './known-server.ts';
import type { WireAudit, WireRequest } from './wire-collector.ts';
import { type Instance, withInstance } from './world/instance.ts';
import type { World } from './world/world.ts';

/**
 * Audits a launched instance over the wire. Unlike other audits, it knows the server's secrets.
 *
 * @returns null when nothing listens
 * @throws the reason of an abort
 */
export async function auditWire(
  world: World,
  known: KnownServer,
  { sse, ...options }: WireAudit,
  onProgress: (step: string) => void,
): Promise<WireEvidence | null> {
  const { health, tool } = known;
  return withInstance(world, {}, async (instance) => {
    if (instance.server.origin === null) return null;
    const target = await targetOf(world, known, instance);
    const args = tool?.arguments(0);
    return await world.collectWire({
      ...options,
      ...target,
      endpoints: { ...target.endpoints, ...(sse !== undefined && { sse }) },
      ...(health !== null && { healthPath: health }),
      ...(tool !== null && args !== undefined && { tool: { name: tool.name, arguments: args } }),
      onProgress,
    });
  });
}

/** What the wire collector has to know of a launched instance and its client. */
export async function targetOf(world: World, { endpoint }: KnownServer, instance: Instance) {
  const { plan, canaries, authorization, authority, credential } = world;
  const token = await tokenFor(world, instance);
  return {
    url: new URL(endpoint ?? plan.endpoint ?? usualEndpoint, instance.server.origin ?? ''),
    ...(token !== undefined && { token }),
    secrets: canaries.values,
    concealed: [credential.value],
    headers: [] as [],
    endpoints: endpoint === null ? {} : { mcp: endpoint },
    ...(authorization !== null && { standIn: { ...authorization, certificate: authority.certificate } }),
    clientVersion: plan.clientVersion,
    signal: world.signal,
  } satisfies Partial<WireRequest>;
}
