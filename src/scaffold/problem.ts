/** `usage`: what was asked for cannot be done as asked. `interrupted`: the user, or the terminal going away, ended it. */
export type ProblemKind = 'usage' | 'interrupted';

/** An end that was foreseen. `message` says what happened and why, `hint` what to do next. */
export class ScaffoldProblem extends Error {
  readonly kind: ProblemKind;
  readonly hint: string | undefined;

  constructor(kind: ProblemKind, message: string, hint?: string) {
    super(message);
    this.name = 'ScaffoldProblem';
    this.kind = kind;
    this.hint = hint;
  }
}

/** Throws when the run was interrupted. Called between steps, so that no step has to know about the others. */
export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new ScaffoldProblem('interrupted', 'Interrupted. Nothing was left behind.');
}

/** The code of a system error, such as `ENOENT`. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a system error means, for people; its code when it is a rare one. */
export function reasonOf(code: string | undefined): string {
  return reasons[code ?? ''] ?? code ?? 'for an unknown reason';
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  ENOENT: 'directories cannot be made there',
};
