import { parseJson } from '../text/json.ts';

/** Deeper than any MCP message. Deep nesting costs memory out of proportion to its size. */
const maxDepth = 1_000;

/** @returns undefined when a server's text is not JSON, or is nested too deeply */
export function parseBounded(text: string): unknown {
  return createDepthGauge()(text) ? undefined : parseJson(text);
}

/**
 * Measures the nesting of JSON, piece by piece.
 *
 * @returns a function that takes the next piece and returns whether the nesting is too deep
 */
export function createDepthGauge(): (piece: string) => boolean {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  return (piece) => {
    for (let at = 0; at < piece.length && depth <= maxDepth; at += 1) {
      const character = piece[at];
      if (escaped) escaped = false;
      else if (quoted) {
        if (character === '\\') escaped = true;
        else if (character === '"') quoted = false;
      } else if (character === '"') quoted = true;
      else if (character === '[' || character === '{') depth += 1;
      else if (character === ']' || character === '}') depth -= 1;
    }
    return depth > maxDepth;
  };
}
