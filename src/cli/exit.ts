/**
 * Exit codes, as scripts rely on them. The report of a run that ended with 3 says nothing about the server.
 */
export const exitCode = {
  ok: 0,
  gateNotMet: 1,
  usage: 2,
  couldNotAssess: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * An end that was foreseen: `message` says what happened and why, `hint` what to do next.
 * The shell prints both without a stack trace and exits with `code`. Anything else that is thrown is a defect.
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

/** The command line or the configuration asks for something that cannot be done as asked. */
export function usageError(message: string, hint?: string): CommandError {
  return new CommandError(exitCode.usage, message, hint);
}

/** The user, or the terminal going away, ended the run. */
export function interrupted(message = 'Interrupted.'): CommandError {
  return new CommandError(exitCode.interrupted, message);
}
