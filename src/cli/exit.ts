/** Exit codes, as scripts rely on them. After 3, the report says nothing about the server. */
export const exitCode = {
  ok: 0,
  gateNotMet: 1,
  usage: 2,
  couldNotAssess: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * An expected failure: `message` says what happened and why, `hint` what to do next.
 * Both are printed without a stack trace. Every other thrown error is a defect.
 */
export class CommandError extends Error {
  readonly code: ExitCode;
  readonly hint: string | undefined;

  constructor(code: ExitCode, message: string, hint?: string) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.hint = hint;
  }
}

/** The command line or the configuration is wrong. */
export function usageError(message: string, hint?: string): CommandError {
  return new CommandError(exitCode.usage, message, hint);
}

/** The user interrupted the run, or the terminal was closed. */
export function interrupted(message = 'Interrupted.'): CommandError {
  return new CommandError(exitCode.interrupted, message);
}
