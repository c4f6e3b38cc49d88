import { pause } from '../pause.ts';
import { type FileText, readText } from './read-file.ts';
import { namesOf } from './text.ts';

/** Characters of all files together. */
const totalLimit = 24 * 1024 * 1024;

const overLimit = `exceeds the limit of ${totalLimit / 1024 ** 2} MiB for a project`;

/** The project's files. Each is read once, within a limit for all. Skipped files become notices. */
export class ProjectFiles {
  /** Ends all work on the files. */
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

  /** Whether a file was skipped because of the limit for all files. */
  get overLimit(): boolean {
    return this.skipped.has(overLimit);
  }

  /**
   * @param file relative to the root; a path out of the root is skipped
   * @throws the reason of the signal, when it was aborted
   */
  async read(file: string): Promise<FileText> {
    await pause(this.signal);
    const text = this.texts.get(file) ?? this.readNow(file);
    this.texts.set(file, text);
    return text;
  }

  private async readNow(file: string): Promise<FileText> {
    if (this.total > totalLimit) return this.skip(file, overLimit);
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
      ([reason, files]) => `Not read, because the file ${reason}: ${namesOf(files)}.`,
    );
    return [...this.extra, ...skips];
  }
}
