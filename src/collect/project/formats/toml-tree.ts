import { parse, TomlError } from 'smol-toml';
import { singleLine } from '../../../text/printable.ts';
import type { YamlEntry, YamlNode } from './yaml-tree.ts';

/** Tables in tables. */
const levelLimit = 32;

/** Characters. Nothing can interrupt the parser. */
const textLimit = 64 * 1024;

/** Parses a TOML file into the same tree as YAML. Never throws: `problem` is the reason and its line. */
export function parseTomlTree(text: string, file: string): { root?: YamlNode; problem?: string } {
  if (text.length > textLimit) return { problem: `the file is longer than ${textLimit / 1024} KiB` };
  try {
    const places = new TomlLines(text);
    return { root: toTree(parse(text, { maxDepth: levelLimit }), file, places, [], 1) };
  } catch (error) {
    const line = error instanceof TomlError ? `line ${error.line}: ` : '';
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: `${line}${singleLine(message)}` };
  }
}

function toTree(value: unknown, file: string, places: TomlLines, path: string[], above: number): YamlNode {
  const line = places.lineOf(path) ?? above;
  const at = { file, line };
  if (Array.isArray(value)) {
    const items = value.map((item, index) => toTree(item, file, places, [...path, String(index)], line));
    return { kind: 'seq', items, at, size: 1 };
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const entries = new Map<string, YamlEntry>();
    for (const [name, member] of Object.entries(value)) {
      const node = toTree(member, file, places, [...path, name], line);
      entries.set(name, { node, at: node.at });
    }
    return { kind: 'map', entries, at, size: 1 };
  }
  return { kind: 'scalar', text: String(value), at, size: 1 };
}

/** Characters of a table's name. */
const longestHeader = 200;

/** The lines of tables and keys, which the parser does not report. */
class TomlLines {
  private readonly lines = new Map<string, number>();

  constructor(text: string) {
    const counts = new Map<string, number>();
    let table: string[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      const [, brackets, between = ''] = /^\s*(\[\[?)([^[\]]*)\]/.exec(line) ?? [];
      const header = between.trim();
      if (header !== '' && header.length <= longestHeader) {
        table = partsOf(header);
        if (brackets === '[[') {
          const count = counts.get(header) ?? 0;
          counts.set(header, count + 1);
          this.record(table, index + 1);
          table = [...table, String(count)];
        }
        this.record(table, index + 1);
        continue;
      }
      const key = /^\s*([\w."'-]{1,200}?)\s*=/.exec(line)?.[1];
      if (key !== undefined) this.record([...table, ...partsOf(key)], index + 1);
    }
  }

  private record(path: string[], line: number): void {
    const key = path.join('\n');
    if (!this.lines.has(key)) this.lines.set(key, line);
  }

  lineOf(path: string[]): number | undefined {
    return this.lines.get(path.join('\n'));
  }
}

const partsOf = (name: string): string[] =>
  name.split('.').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
