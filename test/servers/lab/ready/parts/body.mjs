const maxBytes = 1024 * 1024;
const maxReadBytes = 16 * maxBytes;

/** @returns undefined when it is too long; the rest is read, so that the client reads the answer */
export async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    if (bytes > maxReadBytes) break;
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
