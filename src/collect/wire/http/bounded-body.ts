import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Bytes to read of one answer, after content decoding. */
export const maxBodyBytes = 1024 * 1024;

/** A Map, because a server chooses the name and every plain object inherits some. */
const decoders = new Map<string, (options: { chunkSize: number }) => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Undoes the content codings of an answer (RFC 9110 section 8.4). The reader drives the decoding, so memory never holds a whole
 * decoded body. A body with an unknown coding or more than two stays encoded.
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
    stream = chain(stream, step({ chunkSize: 16 * 1024 }));
  }
  return stream;
}

/** A `pipe` that also passes errors forwards and destruction backwards. */
function chain(source: Readable, decoder: Transform): Readable {
  source.on('error', (error) => decoder.destroy(error));
  // The reader handles errors; without a listener, one after the last read would end the process.
  decoder.on('error', () => {});
  source.on('close', () => {
    if (!source.readableEnded)
      decoder.destroy(new Error('The connection closed before the end of the response.'));
  });
  decoder.on('close', () => source.destroy());
  return source.pipe(decoder);
}

/**
 * Yields the body until it ends or reaches `limit` bytes.
 *
 * @returns whether the limit cut it
 * @throws the error of a stream that ends early
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
