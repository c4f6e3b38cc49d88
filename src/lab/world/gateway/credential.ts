import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { randomValue } from '../canaries.ts';

/** Admits the processes of one lab to its gateways, whose ports every process on the machine can reach. */
export interface GatewayCredential {
  value: string;
  /** The preloads send it first on each connection to the gateway. Its length is fixed. */
  mark: Buffer;
  /** The URL of the proxy on that port of 127.0.0.1, with the credential as its user information. */
  proxyUrl: (port: number) => string;
  /** Whether a request presents that user information (RFC 7617, RFC 9110 section 11.7.2). */
  isOn: (request: IncomingMessage) => boolean;
}

/** Of the proxy URL. */
const user = 'lab';
/** Neither HTTP nor TLS begins like this. */
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

/** @param beginning the bytes so far, which may be `unfinished`: the beginning of the mark */
export function compareMark(
  { mark }: GatewayCredential,
  beginning: Buffer,
): 'marked' | 'other' | 'unfinished' {
  const known = Math.min(markBegin.length, beginning.length);
  if (!beginning.subarray(0, known).equals(mark.subarray(0, known))) return 'other';
  if (beginning.length < mark.length) return 'unfinished';
  return timingSafeEqual(beginning.subarray(0, mark.length), mark) ? 'marked' : 'other';
}
