import { type Context, createContext, Script } from 'node:vm';

/** Tests texts against regular expressions of a server, which may backtrack without end. */
export interface Patterns {
  /** `too-costly`: the pattern is too long, or it took too long. */
  test: (pattern: string, text: string) => 'matches' | 'differs' | 'too-costly';
}

/** V8 cannot be interrupted while it compiles a pattern. At this length it takes at most some 30 ms. */
export const maxPatternCharacters = 1_000;
/** Milliseconds for one test. An ordinary pattern needs a thousandth of one. */
export const patternLimitMs = 250;
/** Milliseconds for all of them. */
const totalLimitMs = 1_000;

// V8 enforces the timeout of a script when a regular expression backtracks. Outside a script there is no timeout.
const script = new Script('new RegExp(pattern, "u").test(text)');

/** All tools of a server share one, and its total time limit. */
export function createPatterns(): Patterns {
  const costly = new Set<string>();
  let context: (Context & { pattern?: string; text?: string }) | undefined;
  let spentMs = 0;
  return {
    test: (pattern, text) => {
      if (pattern.length > maxPatternCharacters || costly.has(pattern) || spentMs >= totalLimitMs)
        return 'too-costly';
      context ??= createContext(Object.create(null));
      Object.assign(context, { pattern, text });
      const begin = performance.now();
      try {
        return script.runInContext(context, { timeout: patternLimitMs }) === true ? 'matches' : 'differs';
      } catch (error) {
        // An invalid regular expression matches nothing.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'differs';
        costly.add(pattern);
        return 'too-costly';
      } finally {
        spentMs += performance.now() - begin;
      }
    },
  };
}
