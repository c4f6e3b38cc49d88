const anyOrigin = 'http://origin.invalid';

/**
 * Whether a path resolves to the same server (WHATWG URL standard, section 4.4). `//host/` and `/\host/` name another one,
 * even after dot segments.
 */
export function staysAtOrigin(path: string): boolean {
  if (!path.startsWith('/') || !URL.canParse(path, anyOrigin)) return false;
  const { origin, pathname } = new URL(path, anyOrigin);
  return origin === anyOrigin && !pathname.startsWith('//');
}

/** Only names between slashes: no query, parameters, escapes or dot segments. */
export function isPlainPath(path: string): boolean {
  return (
    /^\/(?:[\w.~@:+-]+\/)*[\w.~@:+-]*$/.test(path) &&
    !path.split('/').some((segment) => segment === '.' || segment === '..')
  );
}
