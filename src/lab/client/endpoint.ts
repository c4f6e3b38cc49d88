import type { LabRun } from '../run.ts';
import { type ClientOptions, connectClient, type LabClient } from './client.ts';

export interface EndpointSearch {
  client: LabClient | null;
  /** What came of those that did not connect. */
  attempts: { url: string; outcome: string }[];
}

/** Where MCP servers are commonly mounted. */
const usualPaths = ['/mcp', '/', '/api/mcp'];

/** Milliseconds for each request of a server in good health. */
const timeoutMs = 10_000;

/**
 * Connects to the endpoint that the configuration names, or to the first usual one that speaks MCP.
 *
 * @throws the reason of an abort
 */
export async function findEndpoint(run: LabRun, origin: URL): Promise<EndpointSearch> {
  const { endpoint } = run.plan;
  const attempts: EndpointSearch['attempts'] = [];
  for (const path of endpoint === undefined ? usualPaths : [endpoint]) {
    const url = new URL(path, origin);
    try {
      return { client: await connectClient(clientOptions(run, url)), attempts };
    } catch (error) {
      run.plan.signal.throwIfAborted();
      attempts.push({ url: run.canaries.mask(url.href), outcome: (error as Error).message });
    }
  }
  return { client: null, attempts };
}

/** How every client of a run connects: with the credential's canary as its bearer token. */
export function clientOptions({ plan, canaries }: LabRun, url: URL): ClientOptions {
  return {
    url,
    token: plan.credential === undefined ? undefined : canaries.values[plan.credential],
    timeoutMs,
    clientVersion: plan.clientVersion,
    canaries,
    signal: plan.signal,
  };
}
