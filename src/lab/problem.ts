/** Why there is no lab: what it was given cannot be used, or nothing could be launched. For a person. */
export class LabProblem extends Error {
  /** `configuration`: the question is wrong. `project`: the project did not do what was asked of it. */
  readonly kind: 'configuration' | 'project';
  readonly hint: string;

  constructor(kind: LabProblem['kind'], message: string, hint: string) {
    super(message);
    this.name = 'LabProblem';
    this.kind = kind;
    this.hint = hint;
  }
}
