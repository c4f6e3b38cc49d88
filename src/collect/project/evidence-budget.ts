/** Characters of evidence from files: many times what the largest projects declare. */
const characters = 8 * 1024 * 1024;

/** The reason where a file's content exceeds the budget. */
export const tooLarge = 'the declared values exceed the limit of the evidence';

/** Bounds what is recorded: anchors, `extends` and build arguments can multiply a few lines. */
export class EvidenceBudget {
  private left = characters;

  get full(): boolean {
    return this.left < 0;
  }

  /** Takes the size of a value from the budget. False: the value does not fit, and must not be recorded. */
  take(value: unknown): boolean {
    this.left -= JSON.stringify(value).length;
    return !this.full;
  }
}
