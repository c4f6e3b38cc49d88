import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { randomValue } from '../canaries.ts';

/** What the processes of one run prove to a gateway that they belong to it: everybody on the machine can reach its port. */
export interface GatewayCredential {
  value: string;
  /** What the preloads begin each connection to the gateway with; always of the same length. */
  mark: Buffer;
  /** The URL of the proxy at that port of 127.0.0.1, with the credential as its user information. */
  proxyUrl: (port: number) => string;
  /** Whether a request carries it as a client sends that user information (RFC 7617, RFC 9110 section 11.7.2). */
  isOn: (request: IncomingMessage) => boolean;
}

/** Of the proxy URL. */
const user = 'lab';
/** No HTTP method begins like this, nor does TLS. */
const markBegin = 'mcp-prod-lab ';

export function createCredential(value: string = randomValue()): GatewayCredential {
  const expected = Buffer.from(`${user}:${value}`);
  return {
    value,
    mark: Buffer.from(`${markBegin}${value}`),
    proxyUrl: (port) => `http://${user}:${value}@127.0.0.1:${port}`,
    isOn: ({ headers }) => {
      const [, encoded = ''] = /^basic +([\w+/=-]+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
      const given = Buffer.from(encoded, 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/**
 * How a connection begins: with the mark, with something else, or with what may still become the mark.
 *
 * @param beginning the bytes so far
 */
export function compareMark(
  { mark }: GatewayCredential,
  beginning: Buffer,
): 'marked' | 'other' | 'unfinished' {
  const known = Math.min(markBegin.length, beginning.length);
  if (!beginning.subarray(0, known).equals(mark.subarray(0, known))) return 'other';
  if (beginning.length < mark.length) return 'unfinished';
  return timingSafeEqual(beginning.subarray(0, mark.length), mark) ? 'marked' : 'other';
}
