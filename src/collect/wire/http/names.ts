import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Finds at least one address of a host. Rejects as `dns.lookup` does. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** As sockets do by default: only for the address families of this machine. */
const systemResolve: Resolve = (hostname) =>
  dns.promises.lookup(hostname, { all: true, hints: dns.ADDRCONFIG });

/**
 * Resolves each name once and keeps the result, also a failure. If the name changes its address later (DNS rebinding), no
 * request and no credential go there.
 */
export function resolvedOnce(resolve: Resolve = systemResolve): Resolve {
  const answers = new Map<string, Promise<LookupAddress[]>>();
  return (hostname) => {
    const answer = answers.get(hostname) ?? resolve(hostname).then((found) => usable(found, hostname));
    answers.set(hostname, answer);
    return answer;
  };
}

/** Rejects an empty result, for which a socket would throw. */
function usable(addresses: LookupAddress[], hostname: string): LookupAddress[] {
  const valid = addresses.filter(({ address }) => isIP(address) !== 0);
  if (valid.length > 0) return valid;
  throw Object.assign(new Error(`${hostname} has no address.`), { code: 'ENOTFOUND', hostname });
}

/** Resolves names for sockets (`net.connect`), as one address or as all. */
export function lookupBy(resolve: Resolve): LookupFunction {
  return (hostname, { all, family = 0 }, callback) => {
    const wanted = typeof family === 'number' ? family : Number(family.replace('IPv', ''));
    resolve(hostname)
      .then((addresses) =>
        usable(
          addresses.filter((found) => wanted === 0 || found.family === wanted),
          hostname,
        ),
      )
      .then(
        (addresses) => {
          const [first] = addresses;
          if (all === true) callback(null, addresses);
          else callback(null, first?.address ?? '', first?.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, all === true ? [] : ''),
      );
  };
}
