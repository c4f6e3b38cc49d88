import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';

/** Down to this depth, a blank line precedes each added entry. */
const paragraphDepth = 2;

/**
 * Merges YAML texts by key, with their comments. Maps are merged, sequences are joined without duplicates, and other values
 * are replaced by later ones. Maps in a sequence are merged if they have the same `name`, as in Kubernetes, Render and
 * Prometheus. Ends with a line break.
 *
 * @throws Error if a text is not one YAML document
 */
export function mergeYaml(texts: readonly string[], file: string): string {
  const [first, ...others] = texts.map((text) => parse(text, file));
  if (first === undefined) return '';
  for (const other of others) {
    commentToFirstEntry(other.contents, other.commentBefore);
    first.contents = mergeNodes(first.contents, other.contents, 1) as typeof first.contents;
  }
  return first.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function parse(text: string, file: string): Document.Parsed {
  const document = parseDocument(text) as Document.Parsed;
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
  return document;
}

function mergeNodes(first: Node | null, second: Node | null, depth: number): Node | null {
  if (isMap(first) && isMap(second)) {
    commentToFirstEntry(second, second.commentBefore);
    for (const pair of second.items as Pair<Node, Node | null>[]) addPair(first, pair, depth);
    return first;
  }
  if (isSeq(first) && isSeq(second)) {
    const [entry] = second.items as Node[];
    if (second.commentBefore != null && entry !== undefined) entry.commentBefore = second.commentBefore;
    const known = new Set(first.items.map(textOf));
    for (const item of second.items as Node[]) {
      const namesake = first.items.find((one) => nameOf(one) !== undefined && nameOf(one) === nameOf(item));
      if (namesake !== undefined) mergeNodes(namesake as Node, item, depth + 1);
      else if (!known.has(textOf(item))) first.items.push(item);
    }
    return first;
  }
  return second;
}

function addPair(map: YAMLMap, pair: Pair<Node, Node | null>, depth: number): void {
  const before = map.items.find(({ key }) => textOf(key) === textOf(pair.key)) as typeof pair | undefined;
  if (before === undefined) {
    if (depth <= paragraphDepth && isMap(pair.value) && map.items.length > 0) pair.key.spaceBefore = true;
    // An anchor must precede its aliases, which may be in earlier entries.
    if (isNode(pair.value) && 'anchor' in pair.value && pair.value.anchor) putFirst(map, pair);
    else map.items.push(pair);
    return;
  }
  if (before.key.commentBefore == null && pair.key.commentBefore != null)
    before.key.commentBefore = pair.key.commentBefore;
  before.value = mergeNodes(before.value, pair.value, depth + 1);
}

function putFirst(map: YAMLMap, pair: Pair<Node, Node | null>): void {
  const [next] = map.items as (typeof pair)[];
  if (next !== undefined) next.key.spaceBefore = true;
  pair.key.spaceBefore = false;
  map.items.unshift(pair);
}

/** The parser attaches a comment above the first entry to the map or the document. This moves it to the entry. */
function commentToFirstEntry(node: Node | null, comment: string | null | undefined): void {
  if (!isMap(node) || comment == null) return;
  const key = node.items[0]?.key;
  if (!isNode(key) || key.commentBefore === comment) return;
  key.commentBefore = [comment, key.commentBefore].filter((text) => text != null).join('\n');
  node.commentBefore = null;
}

function nameOf(item: unknown): string | undefined {
  const name = isMap(item) ? item.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function textOf(value: unknown): string {
  if (isScalar(value)) return JSON.stringify(value.value);
  return JSON.stringify(value);
}
