import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** The ports of gateways and authorization servers in this process. */
const ports = new Set<number>();

export const ownPorts: Pick<Set<number>, 'add' | 'delete'> = ports;

/**
 * Whether a connection to that address and port would lead back to the lab, in an endless loop.
 *
 * @param address an IP address, with or without brackets; a host name leads nowhere until it is resolved
 */
export function leadsToLab(address: string, port: number): boolean {
  return ports.has(port) && isLocal(address.replace(/^\[|\]$/g, ''));
}

function isLocal(address: string): boolean {
  if (isIP(address) === 0) return false;
  // IPv6 may wrap an IPv4 address.
  const parsed = ipaddr.process(address);
  if (['loopback', 'unspecified'].includes(parsed.range())) return true;
  const text = parsed.toNormalizedString();
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => own !== undefined && ipaddr.process(own.address).toNormalizedString() === text);
}
