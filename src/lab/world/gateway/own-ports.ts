import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Ports that gateways and authorization servers of this process listen on. */
const ports = new Set<number>();

export const ownPorts: Pick<Set<number>, 'add' | 'delete'> = ports;

/**
 * Whether a connection to that address and port would come back to the lab, which would ask itself without end.
 *
 * @param address an IP address, in brackets or not; a name that is not looked up yet leads nowhere
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
