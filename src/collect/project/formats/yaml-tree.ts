import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import type { Place } from '../../../evidence/declared.ts';
import { singleLine } from '../../../text/printable.ts';
import { bounded, reasonOf } from '../files/text.ts';
import { pause } from '../pause.ts';
import { YamlNesting } from './yaml-nesting.ts';

interface Located {
  at: Place;
  /** Values in the node, with every alias written out. */
  size: number;
  /** `!reset` or `!override` of compose files. */
  tag?: string;
}

export interface YamlMap extends Located {
  kind: 'map';
  entries: Map<string, YamlEntry>;
}
export interface YamlEntry {
  node: YamlNode;
  /** The place of the key. */
  at: Place;
}
export interface YamlSeq extends Located {
  kind: 'seq';
  items: YamlNode[];
}
export interface YamlScalar extends Located {
  kind: 'scalar';
  /** As written, without quotes; `null` for an empty value and for a plain `null` or `~`. */
  text: string | null;
}
/** Plain YAML with places and resolved merge keys. Aliases share one node. */
export type YamlNode = YamlMap | YamlSeq | YamlScalar;

/** Values with every alias written out. Alias bombs have billions. */
const sizeLimit = 100_000;

class Problem extends Error {}

// The failsafe schema keeps scalars as written: the meaning of "no" or "1e3" depends on the field.
// The parser's own search for duplicate keys takes quadratic time.
const options = {
  prettyErrors: false,
  schema: 'failsafe',
  uniqueKeys: false,
  logLevel: 'silent',
} as const;

/** Parses the first document of a YAML file. `problem` is the reason and its line, in one line. */
export async function parseYamlTree(
  text: string,
  file: string,
  signal: AbortSignal,
): Promise<{ root?: YamlNode; problem?: string }> {
  const { roots, problem } = await parseYamlTrees(text, file, signal, true);
  const [root] = roots;
  return root ? { root } : { problem: problem ?? 'the file is empty' };
}

/**
 * Parses the documents of a YAML file, or of a JSON file, which is YAML; see {@link parseYamlTree}.
 *
 * @param onlyFirst the first document alone, which also an empty file has
 * @throws the reason of `signal`, and nothing else
 */
export async function parseYamlTrees(
  text: string,
  file: string,
  signal: AbortSignal,
  onlyFirst = false,
): Promise<{ roots: YamlNode[]; problem?: string }> {
  try {
    const lines = new LineCounter();
    const tokens = await tokensOf(text, lines, signal);
    const roots: YamlNode[] = [];
    const composer = new Composer(options);
    const add = (document: Document) => {
      if (onlyFirst && roots.length > 0) return;
      const [error] = document.errors;
      if (error)
        throw new Problem(`line ${lines.linePos(error.pos[0]).line}: ${singleLine(error.message, 200)}`);
      roots.push(new TreeBuilder(file, lines).build(document.contents as Node | null, 1));
    };
    for (const token of tokens) {
      await pause(signal);
      for (const document of composer.next(token)) add(document);
    }
    for (const document of composer.end(onlyFirst, text.length)) add(document);
    return { roots };
  } catch (error) {
    signal.throwIfAborted();
    return { roots: [], problem: error instanceof Problem ? error.message : reasonOf(error) };
  }
}

/** Lexemes between two pauses. */
const lexemesPerPause = 500;

/** The tokens of a text, read in small steps: a single document can take a second. */
async function tokensOf(text: string, lines: LineCounter, signal: AbortSignal): Promise<CST.Token[]> {
  const nesting = new YamlNesting();
  await eachLexeme(text, signal, (lexeme) => {
    const problem = nesting.check(lexeme);
    if (problem !== undefined) throw new Problem(problem);
  });
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  await eachLexeme(text, signal, (lexeme) => tokens.push(...parser.next(lexeme)));
  tokens.push(...parser.end());
  return tokens;
}

/** The lexer does not recurse, and yields its tokens one by one. */
async function eachLexeme(text: string, signal: AbortSignal, take: (lexeme: string) => void): Promise<void> {
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count % lexemesPerPause === 0) await pause(signal);
    take(lexeme);
  }
}

/** Visits a document once, in the order of the text, because an anchor precedes its aliases. */
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
      if (!target)
        throw new Problem(`line ${at.line}: the alias *${singleLine(node.source, 40)} has no anchor`);
      return target;
    }
    const built = this.buildValue(node, at);
    if (node?.tag !== undefined && /^!(?:reset|override)$/.test(node.tag)) built.tag = node.tag;
    if (built.size > sizeLimit) {
      throw new Problem(`line ${at.line}: aliases expand to more than ${sizeLimit} values`);
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
      if (key.kind !== 'scalar') throw new Problem(`line ${keyAt.line}: a key is not a plain text`);
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
          `line ${keyAt.line}: the key "${singleLine(name, 60)}" is already on line ${known.at.line}`,
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
  throw new Problem(`line ${line}: << merges only maps`);
}
