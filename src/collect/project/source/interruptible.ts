import vm from 'node:vm';

const script = new vm.Script('run()');
const context = vm.createContext({});

/**
 * Runs something that may take for ever on hostile input, on this thread, and ends it when the time is up. Parsers go back
 * and try again where a syntax is ambiguous; some sixteen levels of it take seconds, and no counting of brackets tells.
 *
 * @param milliseconds after which it is ended
 * @returns its result; undefined when it was ended or threw
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
