/** `usage`: the request is wrong. `interrupted`: the user interrupted the run, or the terminal was closed. */
export type ProblemKind = 'usage' | 'interrupted';

/** An expected failure. `message` says what happened and why, `hint` what to do next. */
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

/** Throws if the run was interrupted. Called between steps. */
export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new ScaffoldProblem('interrupted', 'Interrupted. No files were left behind.');
}

/** The code of a system error, for example `ENOENT`. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The meaning of a system error, for people; the code of a rare one. */
export function reasonOf(code: string | undefined): string {
  return reasons[code ?? ''] ?? code ?? 'unknown reason';
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links form a loop',
  ENOENT: 'directories cannot be created there',
};
