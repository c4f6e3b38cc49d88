import ipaddr from 'ipaddr.js';

/**
 * Whether a target is this machine's loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3): by the address that
 * was connected to, or by name and literal when there was no connection (`localhost`: RFC 6761 section 6.3).
 *
 * @param address the remote address of a connection to it, when there was one
 */
export function isLoopback(target: URL, address: string | undefined): boolean {
  const hostname = target.hostname.replace(/^\[|\]$/g, '');
  const known = address ?? hostname;
  if (ipaddr.isValid(known)) return ipaddr.process(known).range() === 'loopback';
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
