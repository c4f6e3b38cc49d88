import type { Transport } from '../evidence/wire.ts';

/** Where MCP servers are commonly mounted, below the directory of the named URL. */
export const usualEndpoints: { path: string; transport: Transport }[] = [
  { path: 'mcp', transport: 'streamable-http' },
  { path: '', transport: 'streamable-http' },
  { path: 'api/mcp', transport: 'streamable-http' },
  { path: 'sse', transport: 'sse' },
];

/** Where most MCP servers are mounted. */
export const usualEndpoint = '/mcp';

/** Where health checks are commonly found. */
export const usualHealthPaths = ['/health', '/healthz', '/api/health', '/_health', '/status'];

/**
 * Probes for an orchestrator: they tell whether the process lives or takes traffic, not whether it can do its work.
 * They count as the health endpoint only when the user names one as such.
 */
export const orchestratorPaths: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** Where metrics are commonly found. */
export const usualMetricsPath = '/metrics';

/** The path of what the URL stands in, with a slash at its end: `/` of `/mcp` and `/mcp/`, `/a/` of `/a/mcp`. */
export function directoryOf(url: URL): string {
  return url.pathname.replace(/(?<=^|\/)[^/]*\/?$/, '') || '/';
}

/** Whether an audit of this URL requests the path as an MCP endpoint anyway. */
export function isUsualEndpoint(url: URL, path: string): boolean {
  const bare = (text: string) => text.replace(/\/$/, '');
  return [url.pathname, ...usualEndpoints.map((usual) => `${directoryOf(url)}${usual.path}`)].some(
    (usual) => bare(usual) === bare(path),
  );
}
