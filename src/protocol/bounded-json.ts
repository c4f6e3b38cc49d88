/** No message of MCP nests as deep; what does costs memory out of proportion to its size. */
const maxDepth = 1_000;

/**
 * Parses JSON of a server.
 *
 * @returns undefined when it is none, or nested too deep
 */
export function parseJson(text: string): unknown {
  if (createDepthGauge()(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Tells, piece by piece, whether JSON nests too deep.
 *
 * @returns a function that takes the next piece, and says so once it is too deep
 */
export function createDepthGauge(): (piece: string) => boolean {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  return (piece) => {
    for (let at = 0; at < piece.length && depth <= maxDepth; at += 1) {
      const sign = piece[at];
      if (escaped) escaped = false;
      else if (quoted) {
        if (sign === '\\') escaped = true;
        else if (sign === '"') quoted = false;
      } else if (sign === '"') quoted = true;
      else if (sign === '[' || sign === '{') depth += 1;
      else if (sign === ']' || sign === '}') depth -= 1;
    }
    return depth > maxDepth;
  };
}
