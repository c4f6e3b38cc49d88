import type { Span } from '../next-match.ts';

/** A kind of secret that can be told by its form, whatever it is called. */
export interface SecretFormat {
  /** For a person: "a GitHub token". */
  kind: string;
  /** What replaces it. */
  mask: string;
  /** Where each one is, in order. `cut`: the text goes on beyond its end. */
  find: (text: string, cut: boolean) => Iterable<Span>;
  /** Where a piece of one begins that reaches to the end of the text, or -1. */
  pieceAt: (text: string) => number;
  /**
   * Whether a finding may call it a leak; default: yes. What is masked needlessly costs nothing, a false accusation does.
   *
   * @param before the text before it
   */
  isReported?: (value: string, before: string) => boolean;
}

/**
 * Where a value can begin: not within a word, but right after what stands for one character in JSON, in a URL or on a
 * terminal ("\nAKIA...", "%20AKIA...", a colour).
 */
export const start = String.raw`(?:(?<!\w)|(?<=\\[bfnrt])|(?<=\\u[\dA-Fa-f]{4})|(?<=%[\dA-Fa-f]{2})|(?<=\[[\d;]{0,20}m))`;

/** What separates a parameter from the ones before it, in a URL as it is written in text, JSON or HTML. */
export const parameterStart = String.raw`(?:[?&]|&amp;|\\u0026)`;
