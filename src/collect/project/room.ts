/** Characters of evidence from files: many times what the largest projects declare. */
const characters = 8 * 1024 * 1024;

/**
 * How much may still be recorded. A few lines can stand for any number of variables: by anchors, by `extends`, by build
 * arguments.
 */
export class Room {
  private left = characters;

  /** Whether nothing more may be recorded. */
  get full(): boolean {
    return this.left < 0;
  }

  /** Takes room for something; false when there is none, and it is to be left out. */
  take(recorded: unknown): boolean {
    this.left -= JSON.stringify(recorded).length;
    return !this.full;
  }
}
