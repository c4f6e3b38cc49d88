import type { IncomingMessage } from 'node:http';
import { readBeginning } from '../../async/bounded-read.ts';
import type { Route } from './connections.ts';

const maxBodyBytes = 8 * 1024 * 1024;

/** @returns undefined when it breaks off, or is longer than any tool would send */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { bytes, cut } = await readBeginning(request, maxBodyBytes);
  return cut === undefined ? bytes : undefined;
}

/** The target of a request: its absolute form (RFC 9112 section 3.2.2), or its path on the named host. */
export function urlOf({ url = '', headers }: IncomingMessage, { scheme, named }: Route): URL | undefined {
  if (/^https?:\/\//i.test(url)) return parsed(url);
  if (!url.startsWith('/')) return undefined;
  // The tunnel names the port. A Host header may omit it.
  const host = named !== null && /:\d+$/.test(named) ? named : (headers.host ?? named);
  return host === null || host === '' ? undefined : parsed(`${scheme}://${host}${url}`);
}

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
