import type { IncomingMessage } from 'node:http';
import type { Route } from './connections.ts';

const maxBodyBytes = 8 * 1024 * 1024;

/** @returns undefined when it breaks off, or is longer than anything a tool sends */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/**
 * Where a request wants to go: its absolute form (RFC 9112 section 3.2.2), or its path at the host that the tunnel, the
 * Host header or the TLS handshake names.
 */
export function urlOf({ url = '', headers }: IncomingMessage, { scheme, named }: Route): URL | undefined {
  if (/^https?:\/\//i.test(url)) return parsed(url);
  if (!url.startsWith('/')) return undefined;
  // A tunnel's port counts; a Host without it means the same place.
  const host = named !== null && /:\d+$/.test(named) ? named : (headers.host ?? named);
  return host === null || host === '' ? undefined : parsed(`${scheme}://${host}${url}`);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
