/** Why there is no lab, for a person. */
export class LabProblem extends Error {
  /** What has to change. */
  readonly kind: 'configuration' | 'project';
  readonly hint: string;

  constructor(kind: LabProblem['kind'], message: string, hint: string) {
    super(message);
    this.name = 'LabProblem';
    this.kind = kind;
    this.hint = hint;
  }
}
