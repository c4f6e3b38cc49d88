/** Which scope of a token allows what. A tool or a resource that is missing here needs them all. */
const toolScopes: ReadonlyMap<unknown, string> = new Map([
  ['get_weather', 'weather:current'],
  ['get_forecast', 'weather:forecast'],
]);
const resourceScopes: ReadonlyArray<{ uri: RegExp; scope: string }> = [
  { uri: /^weather:\/\/[^/]*\/current$/, scope: 'weather:current' },
];

/** Every scope there is, in the order of the tables. */
export const allScopes: readonly string[] = [
  ...new Set([...toolScopes.values(), ...resourceScopes.map(({ scope }) => scope)]),
];

/**
 * The scopes that a request's body needs, all at once. Lists need a valid token and no scope.
 *
 * @param body the parsed JSON: a JSON-RPC message, or several in an array, as revision 2025-03-26 has it
 */
export function requiredScopes(body: unknown): readonly string[] {
  const messages = Array.isArray(body) ? body : [body];
  const needed = new Set(messages.flatMap(scopesOfMessage));
  return allScopes.filter((scope) => needed.has(scope));
}

function scopesOfMessage(message: unknown): readonly string[] {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: Record<string, unknown> | null };
  if (method === 'tools/call') {
    const scope = toolScopes.get(params?.name);
    return scope === undefined ? allScopes : [scope];
  }
  if (method === 'resources/read' || method === 'resources/subscribe') {
    const found = resourceScopes.find(({ uri }) => uri.test(String(params?.uri)));
    return found === undefined ? allScopes : [found.scope];
  }
  return [];
}
