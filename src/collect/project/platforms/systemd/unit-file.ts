import type { Place } from '../../../../evidence/declared.ts';

/** A setting as written. */
export interface Setting {
  section: string;
  name: string;
  value: string;
  at: Place;
}

const lineLimit = 20_000;

/**
 * The settings of a unit file in their order (systemd.syntax(7)): a backslash at its end continues a line, comments within
 * such a line are left out, and lines that are neither settings nor sections are ignored.
 */
export function readUnitFile(file: string, text: string): Setting[] {
  const settings: Setting[] = [];
  let section = '';
  let open: { text: string; line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).slice(0, lineLimit).entries()) {
    if (/^\s*[#;]/.test(raw)) continue;
    const continued = raw.endsWith('\\');
    const part = continued ? raw.slice(0, -1) : raw;
    open = open
      ? { ...open, text: `${open.text.trimEnd()} ${part.trim()}` }
      : { text: part, line: index + 1 };
    if (continued && open.text.length < lineLimit) continue;
    const { text: line, line: number } = open;
    open = undefined;
    const header = /^\s*\[([^\]]{1,100})\]\s*$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const split = line.indexOf('=');
    if (header !== undefined || split === -1) continue;
    settings.push({
      section,
      name: line.slice(0, split).trim(),
      value: line.slice(split + 1).trim(),
      at: { file, line: number },
    });
  }
  return settings;
}

/** The settings of one section by name, later files and lines over earlier ones. */
export class Section {
  private readonly settings: Setting[];

  constructor(settings: Setting[], section: string) {
    this.settings = settings.filter((setting) => setting.section === section);
  }

  /** The value in effect. An empty value resets the setting. */
  last(...names: string[]): Setting | undefined {
    const found = this.settings.findLast(({ name }) => names.includes(name));
    return found?.value === '' ? undefined : found;
  }

  /** All values of a list setting since the last empty one, which resets it. */
  all(name: string): Setting[] {
    const found = this.settings.filter((setting) => setting.name === name);
    return found.slice(found.findLastIndex(({ value }) => value === '') + 1);
  }

  /** Whether the last value resets the list. */
  isEmptied(name: string): boolean {
    return this.settings.findLast((setting) => setting.name === name)?.value === '';
  }
}
