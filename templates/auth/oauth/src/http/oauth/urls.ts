import { isLoopbackName } from '../host-and-origin.ts';

/** Whether tokens and keys may travel there: https, or http to this machine. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
}

/** Whether the text can be an issuer or a resource (RFC 8414, section 2; RFC 9728, section 1.2): nothing after the path. */
export function isIdentifier(text: string): boolean {
  if (!isSecureUrl(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '' && !/[?#\s]/.test(text);
}

/** The path that `suffix` has at the host of `identifier` (RFC 8615), whose own path comes last. */
export function wellKnownUrl(identifier: string, suffix: string): string {
  const { origin, pathname } = new URL(identifier);
  return `${origin}/.well-known/${suffix}${pathname.replace(/\/$/, '')}`;
}
