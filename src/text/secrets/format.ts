import type { Span } from '../next-match.ts';

/** A kind of secret that its form reveals, under any name. */
export interface SecretFormat {
  /** For a reader: "a GitHub token". */
  kind: string;
  /** Replaces the secret. */
  mask: string;
  /** The position of each secret, in order. `cut`: the text was cut off at its end. */
  find: (text: string, cut: boolean) => Iterable<Span>;
  /** The index of a piece at the end of the text, or -1. */
  pieceAt: (text: string) => number;
  /**
   * Whether a finding may report it as a leak. Default: yes. A needless mask does no harm, a false finding does.
   *
   * @param before the text before it
   */
  isReported?: (value: string, before: string) => boolean;
}

/**
 * The start of a value: not within a word, but directly after an escape in JSON, in a URL or on a terminal ("\nAKIA...",
 * "%20AKIA...", a colour).
 */
export const start = String.raw`(?:(?<!\w)|(?<=\\[bfnrt])|(?<=\\u[\dA-Fa-f]{4})|(?<=%[\dA-Fa-f]{2})|(?<=\[[\d;]{0,20}m))`;

/** The separator before a parameter of a URL in text, JSON or HTML. */
export const parameterStart = String.raw`(?:[?&]|&amp;|\\u0026)`;
