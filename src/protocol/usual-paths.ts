import type { Transport } from '../evidence/wire.ts';

/** Where MCP servers are commonly mounted, below the directory of the named URL. */
export const usualEndpoints: { path: string; transport: Transport }[] = [
  { path: 'mcp', transport: 'streamable-http' },
  { path: '', transport: 'streamable-http' },
  { path: 'api/mcp', transport: 'streamable-http' },
  { path: 'sse', transport: 'sse' },
];

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
