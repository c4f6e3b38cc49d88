import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  parseDocument,
} from 'yaml';
import type { Place } from '../../../evidence/declared.ts';
import { bounded, oneLine } from '../files/text.ts';
import { whyNotToParse } from './yaml-nesting.ts';

interface Located {
  at: Place;
  /** Values in here with every alias written out. */
  size: number;
  /** `!reset` or `!override`, by which compose files undo others. */
  tag?: string;
}

export interface YamlMap extends Located {
  kind: 'map';
  entries: Map<string, YamlEntry>;
}
export interface YamlEntry {
  node: YamlNode;
  /** Where the key stands. */
  at: Place;
}
export interface YamlSeq extends Located {
  kind: 'seq';
  items: YamlNode[];
}
export interface YamlScalar extends Located {
  kind: 'scalar';
  /** As written, without quotes; `null` for nothing and for a plain `null` or `~`. */
  text: string | null;
}
/** Plain YAML with places, merge keys resolved. Aliases share their node, so that they cost nothing. */
export type YamlNode = YamlMap | YamlSeq | YamlScalar;

/** With every alias written out. A bomb has billions. */
const sizeLimit = 100_000;

class Problem extends Error {}

// The failsafe schema leaves every scalar as written: who reads a field decides what "no" or "1e3" means there.
// Duplicate keys are found below, because the parser compares each key with each other.
const options = {
  prettyErrors: false,
  schema: 'failsafe',
  uniqueKeys: false,
  logLevel: 'silent',
} as const;

/** Parses the first document of a YAML file. Never throws: `problem` says in one line what is wrong, and where. */
export function parseYamlTree(text: string, file: string): { root?: YamlNode; problem?: string } {
  const { roots, problem } = parse(text, file, (lines) => [
    parseDocument(text, { ...options, lineCounter: lines }),
  ]);
  const [root] = roots;
  return root ? { root } : { problem: problem ?? 'it is empty' };
}

/** Parses every document of a YAML file, or of a JSON file, which is YAML. Never throws; see {@link parseYamlTree}. */
export function parseYamlTrees(text: string, file: string): { roots: YamlNode[]; problem?: string } {
  return parse(text, file, (lines) => {
    const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
    return Array.isArray(documents) ? documents : [];
  });
}

function parse(
  text: string,
  file: string,
  documentsOf: (lines: LineCounter) => Document[],
): { roots: YamlNode[]; problem?: string } {
  try {
    const problem = whyNotToParse(text);
    if (problem !== undefined) return { roots: [], problem };
    const lines = new LineCounter();
    const documents = documentsOf(lines);
    const error = documents.flatMap(({ errors }) => errors).find((item) => item.code !== 'MULTIPLE_DOCS');
    if (error) {
      return {
        roots: [],
        problem: `line ${lines.linePos(error.pos[0]).line}: ${oneLine(error.message)}`,
      };
    }
    return {
      roots: documents.map(({ contents }) => new TreeBuilder(file, lines).build(contents as Node | null, 1)),
    };
  } catch (error) {
    if (error instanceof Problem) return { roots: [], problem: error.message };
    return { roots: [], problem: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

/** Goes through a document once, in its order, as YAML's anchors ask for. */
class TreeBuilder {
  private readonly file: string;
  private readonly lines: LineCounter;
  private readonly anchors = new Map<string, YamlNode>();

  constructor(file: string, lines: LineCounter) {
    this.file = file;
    this.lines = lines;
  }

  build(node: Node | null | undefined, line: number): YamlNode {
    const at = this.place(node, line);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (!target) throw new Problem(`line ${at.line}: the alias *${oneLine(node.source, 40)} has no anchor`);
      return target;
    }
    const built = this.buildValue(node, at);
    if (node?.tag !== undefined && /^!(?:reset|override)$/.test(node.tag)) built.tag = node.tag;
    if (built.size > sizeLimit) {
      throw new Problem(`line ${at.line}: aliases make more than ${sizeLimit} values of it`);
    }
    if (node && 'anchor' in node && typeof node.anchor === 'string') this.anchors.set(node.anchor, built);
    return built;
  }

  private buildValue(node: Node | null | undefined, at: Place): YamlNode {
    if (isMap(node)) return this.buildMap(node.items as Pair<Node | null, Node | null>[], at);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item as Node | null, at.line));
      return { kind: 'seq', items, at, size: items.reduce((sum, item) => sum + item.size, 1) };
    }
    if (!isScalar(node) || node.value === null) return { kind: 'scalar', text: null, at, size: 1 };
    const text = String(node.value);
    const isNull = node.type === 'PLAIN' && /^(?:|~|null|Null|NULL)$/.test(text);
    return { kind: 'scalar', text: isNull ? null : text, at, size: 1 };
  }

  private buildMap(pairs: Pair<Node | null, Node | null>[], at: Place): YamlMap {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlMap[] = [];
    let size = 1;
    for (const pair of pairs) {
      const keyAt = this.place(pair.key, at.line);
      const key = this.build(pair.key, at.line);
      if (key.kind !== 'scalar') throw new Problem(`line ${keyAt.line}: a key is no plain text`);
      const node = this.build(pair.value, keyAt.line);
      size += node.size;
      const name = bounded(key.text ?? 'null', 200);
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merged.push(...mapsOf(node, keyAt.line));
        continue;
      }
      const known = entries.get(name);
      if (known) {
        throw new Problem(
          `line ${keyAt.line}: the key "${oneLine(name, 60)}" is already on line ${known.at.line}`,
        );
      }
      entries.set(name, { node, at: keyAt });
    }
    // The map's own keys win over merged ones, and earlier merged maps over later ones (YAML merge key type).
    for (const map of merged) {
      for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return { kind: 'map', entries, at, size };
  }

  private place(node: Node | null | undefined, line: number): Place {
    const offset = node?.range?.[0];
    return { file: this.file, line: offset === undefined ? line : this.lines.linePos(offset).line };
  }
}

function mapsOf(node: YamlNode, line: number): YamlMap[] {
  if (node.kind === 'map') return [node];
  if (node.kind === 'seq' && node.items.every((item) => item.kind === 'map')) return node.items;
  throw new Problem(`line ${line}: only maps can be merged with <<`);
}
