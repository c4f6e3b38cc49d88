import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Finds every address of a host by its name, at least one. Rejects as `dns.lookup` does. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** As sockets ask by default: for the families of addresses that this machine has itself. */
const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    dns.lookup(hostname, { all: true, hints: dns.ADDRCONFIG }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

/**
 * Asks for each name once, and gives that answer from then on, a failure as well. A name that leads elsewhere meanwhile
 * (DNS rebinding) takes no request and no credential there.
 */
export function resolvedOnce(resolve: Resolve = systemResolve): Resolve {
  const answers = new Map<string, Promise<LookupAddress[]>>();
  return (hostname) => {
    const answer = answers.get(hostname) ?? resolve(hostname).then((found) => known(found, hostname));
    answers.set(hostname, answer);
    return answer;
  };
}

/** Sockets take no answer for granted that has an address; without one they would throw. */
function known(addresses: LookupAddress[], hostname: string): LookupAddress[] {
  const usable = addresses.filter(({ address }) => isIP(address) !== 0);
  if (usable.length > 0) return usable;
  throw Object.assign(new Error(`${hostname} has no address.`), { code: 'ENOTFOUND', hostname });
}

/** Resolves names for sockets (`net.connect`), in whichever form they ask. */
export function lookupBy(resolve: Resolve): LookupFunction {
  return (hostname, { all, family = 0 }, callback) => {
    const wanted = typeof family === 'number' ? family : Number(family.replace('IPv', ''));
    resolve(hostname)
      .then((addresses) =>
        known(
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
