/** What clients ask for tokens for: the path that they connect to, and the routes that belong to it. */
export const protectedEndpoints = [
  { path: '/mcp', routes: ['/mcp'] },
  // Clients compare the path with the one in the metadata, so the older transport has metadata of its own.
  { path: '/sse', routes: ['/sse', '/messages'] },
] as const;
