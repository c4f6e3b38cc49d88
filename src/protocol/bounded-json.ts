import { parseJson } from '../text/json.ts';

/** No message of MCP nests as deep; what does costs memory out of proportion to its size. */
const maxDepth = 1_000;

/** @returns undefined when what a server sent is not JSON, or nested too deep */
export function parseBounded(text: string): unknown {
  return createDepthGauge()(text) ? undefined : parseJson(text);
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
