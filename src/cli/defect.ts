import { inspect } from 'node:util';

/** Something was thrown where no code of the run waits for it. It ends the run as an interrupt does. */
export class Defect extends Error {
  /** Anything can be thrown. */
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('A defect ended the run.');
    this.name = 'Defect';
    this.thrown = thrown;
  }
}

/** Message and stack of what was thrown. It may be no error, and may throw by itself when it is read. */
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
    return { message: 'What was thrown cannot be read.', stack: 'Nor has it a stack trace.' };
  }
}
