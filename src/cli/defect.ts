import { inspect } from 'node:util';

/** An error that no code of the run handles. It ends the run as an interrupt does. */
export class Defect extends Error {
  /** Anything can be thrown. */
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('A defect stopped the run.');
    this.name = 'Defect';
    this.thrown = thrown;
  }
}

/** The message and stack of a thrown value. It may not be an error, and reading it may throw. */
export function describeThrown(thrown: unknown): { message: string; stack: string } {
  try {
    if (!(thrown instanceof Error)) {
      const message =
        typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 1, breakLength: Infinity });
      return { message: `${message} was thrown.`, stack: 'Only errors have a stack trace.' };
    }
    const { name, message, stack } = thrown;
    return { message: String(message) || String(name), stack: String(stack) };
  } catch {
    return { message: 'The thrown value cannot be read.', stack: 'No stack trace is available.' };
  }
}
