import { open } from 'node:fs/promises';

export interface Beginning {
  bytes: Buffer;
  /** Why the stream was not read to its end. */
  cut?: { reason: 'too-long' } | { reason: 'broken'; error: unknown };
}

/** Reads a stream until it ends, breaks, or is longer than that. */
export async function readBeginning(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Beginning> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return { bytes: Buffer.concat(chunks), cut: { reason: 'too-long' } };
    }
  } catch (error) {
    return { bytes: Buffer.concat(chunks), cut: { reason: 'broken', error } };
  }
  return { bytes: Buffer.concat(chunks) };
}

/** The beginning of a file. Empty if it cannot be read. */
export async function readFileBeginning(path: string, maxBytes: number): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
