import ipaddr from 'ipaddr.js';

/** The host of a URL, without the brackets of an IPv6 address. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Whether a target is this machine's loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3): by its address if known, else
 * by its host (`localhost`: RFC 6761 section 6.3).
 *
 * @param address the remote address of a connection to it
 */
export function isLoopback(target: URL, address: string | undefined): boolean {
  const hostname = bareHost(target);
  const known = address ?? hostname;
  if (ipaddr.isValid(known)) return ipaddr.process(known).range() === 'loopback';
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
