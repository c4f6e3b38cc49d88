import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Bytes of one answer that are read, after content decoding. */
export const maxBodyBytes = 1024 * 1024;

/** A server chooses the name, and may choose one that every plain object has. */
const decoders = new Map<string, () => Transform>([
  ['gzip', () => createGunzip({ chunkSize: 16 * 1024 })],
  ['x-gzip', () => createGunzip({ chunkSize: 16 * 1024 })],
  ['deflate', () => createInflate({ chunkSize: 16 * 1024 })],
  ['br', () => createBrotliDecompress({ chunkSize: 16 * 1024 })],
]);

/**
 * Undoes the content codings of an answer (RFC 9110 section 8.4). Decoding is driven by the reader, so what a small
 * answer unpacks to is never held in memory. More than two codings, or an unknown one, leave the body as it is.
 */
export function decoded(body: Readable, contentEncoding: string | undefined): Readable {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const steps = codings.reverse().map((coding) => decoders.get(coding));
  if (steps.length === 0 || steps.length > 2) return body;
  let stream: Readable = body;
  for (const step of steps) {
    if (step === undefined) return body;
    stream = chain(stream, step());
  }
  return stream;
}

/** `pipe` that passes on errors forwards and destruction backwards. */
function chain(source: Readable, decoder: Transform): Readable {
  source.on('error', (error) => decoder.destroy(error));
  // Its reader sees it; one that comes when nobody reads any more would end the process.
  decoder.on('error', () => {});
  source.on('close', () => {
    if (!source.readableEnded) decoder.destroy(new Error('The answer broke off.'));
  });
  decoder.on('close', () => source.destroy());
  return source.pipe(decoder);
}

/**
 * Yields the body until it ends or `limit` bytes came.
 *
 * @returns whether the limit cut it
 * @throws what the stream throws, when it breaks off
 */
export async function* upTo(
  limit: number,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, boolean> {
  let left = limit;
  for await (const chunk of body) {
    if (chunk.byteLength > left) {
      if (left > 0) yield chunk.subarray(0, left);
      return true;
    }
    left -= chunk.byteLength;
    yield chunk;
  }
  return false;
}
