import vm from 'node:vm';

const script = new vm.Script('run()');
const context = vm.createContext({});

/**
 * Runs a function on this thread, and ends it after a time limit. A parser backtracks where a syntax is ambiguous: a
 * hostile input of some sixteen levels takes seconds.
 *
 * @param milliseconds the time limit
 * @returns the result; undefined when the function was ended or threw
 */
export function interruptible<T>(run: () => T, milliseconds: number): T | undefined {
  context.run = run;
  try {
    return script.runInContext(context, { timeout: Math.max(1, Math.ceil(milliseconds)) }) as T;
  } catch {
    return undefined;
  } finally {
    context.run = undefined;
  }
}
