import type { Transport } from '../evidence/wire.ts';

/** Common paths of MCP endpoints, below the directory of the named URL. */
export const usualEndpoints: { path: string; transport: Transport }[] = [
  { path: 'mcp', transport: 'streamable-http' },
  { path: '', transport: 'streamable-http' },
  { path: 'api/mcp', transport: 'streamable-http' },
  { path: 'sse', transport: 'sse' },
];

/** The most common path of an MCP endpoint. */
export const usualEndpoint = '/mcp';

/** Common paths of health endpoints. */
export const usualHealthPaths = ['/health', '/healthz', '/api/health', '/_health', '/status', '/ping'];

/**
 * Liveness and readiness for an orchestrator. They do not show whether the server can do its work, so they are requested, and
 * count as the health endpoint, only when the user names one.
 */
export const orchestratorPaths: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** The common path of metrics. */
export const usualMetricsPath = '/metrics';

/** The path of the directory of a URL, with a slash at its end: `/` of `/mcp` and `/mcp/`, `/a/` of `/a/mcp`. */
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
