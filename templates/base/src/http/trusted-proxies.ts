import { isIP } from 'node:net';
import type * as z from 'zod';
import { commaList } from '../config.ts';

export const proxySettings = {
  /** Whose X-Forwarded-For is believed. Nobody's by default: anyone can set it. */
  TRUST_PROXY: commaList()
    .refine((items) => items.every(isAddressOrNetwork), {
      error: 'must hold IP addresses or networks of proxies, such as 10.0.0.0/8',
    })
    .default([]),
};

export type ProxySettings = z.infer<z.ZodObject<typeof proxySettings>>;

/** Networks in CIDR notation. Not `/0`, which would let every client say who it is. */
function isAddressOrNetwork(text: string): boolean {
  const [, address = '', , bits] = /^([\da-fA-F.:]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128));
}

/**
 * What strangers from this address are counted by: the address, but of IPv6 only the network (64 bits), because whoever has
 * one such address has them all.
 */
export function addressToCountBy(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isIP(plain) !== 6) return plain;
  const [left = '', right = ''] = (plain.split('%')[0] ?? '').split('::');
  const head = left.split(':').filter((group) => group !== '');
  const tail = right.split(':').filter((group) => group !== '');
  const groups = plain.includes('::')
    ? [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail]
    : head;
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
