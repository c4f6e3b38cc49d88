import { breathe } from '../breathe.ts';
import { type FileText, readText } from './read-file.ts';
import { namesOf } from './text.ts';

/** Bytes of text over all files: a project's descriptions are a fraction of it. */
const totalLimit = 24 * 1024 * 1024;

const tooMuch = 'was not read, because there is too much to read';

/** The project's files, each read once, within a bound for all of them. What was skipped becomes a notice. */
export class ProjectFiles {
  /** Ends all work on them. */
  readonly signal: AbortSignal;
  private readonly root: string;
  private readonly texts = new Map<string, Promise<FileText>>();
  private readonly skipped = new Map<string, string[]>();
  private readonly extra: string[] = [];
  private total = 0;

  constructor(root: string, signal: AbortSignal) {
    this.root = root;
    this.signal = signal;
  }

  /** Whether a file was left out, because there is more than is read of one project. */
  get overfull(): boolean {
    return this.skipped.has(tooMuch);
  }

  /**
   * @param file relative to the root; one that leads out of it is skipped, however it is written
   * @throws the reason of the signal, when it was aborted
   */
  async read(file: string): Promise<FileText> {
    await breathe(this.signal);
    const known = this.texts.get(file);
    if (known) return known;
    const text = this.readNow(file);
    this.texts.set(file, text);
    return text;
  }

  private async readNow(file: string): Promise<FileText> {
    if (this.total > totalLimit) return this.skip(file, tooMuch);
    const content = await readText(this.root, file);
    if ('skipped' in content) return this.skip(file, content.skipped);
    this.total += content.text.length;
    return content;
  }

  private skip(file: string, reason: string): FileText {
    const others = this.skipped.get(reason);
    if (others) others.push(file);
    else this.skipped.set(reason, [file]);
    return { skipped: reason };
  }

  note(notice: string): void {
    this.extra.push(notice);
  }

  notices(): string[] {
    const skips = [...this.skipped].map(
      ([reason, files]) => `Skipped, because it ${reason}: ${namesOf(files)}.`,
    );
    return [...this.extra, ...skips];
  }
}
