/** What clients ask for tokens for: the path that they connect to, and the routes that belong to it. */
export const protectedEndpoints = [{ path: '/mcp', routes: ['/mcp'] }] as const;
