const somewhere = 'http://origin.invalid';

/**
 * Whether a path on a server stays on that server when it is resolved (WHATWG URL standard, section 4.4): `//host/` and
 * `/\host/` name another one, also behind dot segments.
 */
export function staysAtOrigin(path: string): boolean {
  if (!path.startsWith('/') || !URL.canParse(path, somewhere)) return false;
  const { origin, pathname } = new URL(path, somewhere);
  return origin === somewhere && !pathname.startsWith('//');
}

/** Names between slashes and nothing else: no query, no parameters, no escapes, no dot segments. */
export function isPlainPath(path: string): boolean {
  return (
    /^\/(?:[\w.~@:+-]+\/)*[\w.~@:+-]*$/.test(path) &&
    !path.split('/').some((segment) => segment === '.' || segment === '..')
  );
}
