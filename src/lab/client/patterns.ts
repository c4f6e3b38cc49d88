import { type Context, createContext, Script } from 'node:vm';

/** Tests texts against patterns of a server, which may be made to take for ever. */
export interface Patterns {
  /** `too-costly`: the pattern is too long, or it took too long. */
  test: (pattern: string, text: string) => 'matches' | 'differs' | 'too-costly';
}

/** Code units of a pattern. V8 cannot be interrupted while it compiles one: this many take some 30 ms at most. */
export const maxPatternCharacters = 1_000;
/** Milliseconds for one test. An ordinary pattern needs a thousandth of one. */
export const patternLimitMs = 250;
/** Milliseconds for all of them. */
const totalLimitMs = 1_000;

// V8 looks for the end of its time whenever a regular expression backtracks; outside a script there is no such end.
const script = new Script('new RegExp(pattern, "u").test(text)');

/** One is for all tools of a server: its time is used up once. */
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
        // A pattern that is no regular expression here is matched by nothing.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'differs';
        costly.add(pattern);
        return 'too-costly';
      } finally {
        spentMs += performance.now() - begin;
      }
    },
  };
}
