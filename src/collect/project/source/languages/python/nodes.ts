import type { parser } from '@lezer/python';
import { lineFinder } from '../../../files/text.ts';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A text with its lines: nodes have only offsets. */
export class PythonText {
  readonly text: string;
  private readonly lineAt: (index: number) => number;

  constructor(text: string) {
    this.text = text;
    this.lineAt = lineFinder(text);
  }

  /** The text of a string without replacements; undefined for a formatted one, and for bytes. */
  stringOf(node: SyntaxNode): string | undefined {
    if (node.name === 'ContinuedString') {
      const parts = childrenOf(node).map((part) => this.stringOf(part));
      return parts.includes(undefined) ? undefined : parts.join('');
    }
    if (node.name !== 'String') return undefined;
    const [, text] = /^[rRuU]?("""|'''|"|')([\s\S]*)\1$/.exec(this.slice(node))?.slice(1) ?? [];
    return text?.replace(/\\(["'\\])/g, '$1');
  }

  slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  lineOf(node: SyntaxNode): number {
    return this.lineAt(node.from);
  }
}

/** Node types of expressions. */
export const expressions = new Set([
  ...['String', 'ContinuedString', 'FormatString', 'Number', 'Boolean', 'None', 'VariableName', 'Ellipsis'],
  ...['ParenthesizedExpression', 'AwaitExpression', 'MemberExpression', 'CallExpression', 'UnaryExpression'],
  ...['DictionaryExpression', 'ArrayExpression', 'TupleExpression', 'SetExpression', 'BinaryExpression'],
  ...['ConditionalExpression', 'LambdaExpression', 'NamedExpression', 'YieldExpression'],
  ...['ArrayComprehensionExpression', 'ComprehensionExpression', 'DictionaryComprehensionExpression'],
  'SetComprehensionExpression',
]);

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

export function childrenUntil(node: SyntaxNode, sign: string): SyntaxNode[] {
  const children = childrenOf(node);
  return children.slice(
    0,
    children.findIndex(({ name }) => name === sign),
  );
}

/** The parts of each argument or parameter, without annotations. */
export function argumentsOf(list: SyntaxNode): SyntaxNode[][] {
  const all: SyntaxNode[][] = [[]];
  for (const part of childrenOf(list)) {
    if (part.name === ',') all.push([]);
    else if (!['(', ')', 'TypeDef', 'Comment'].includes(part.name)) all.at(-1)?.push(part);
  }
  return all.filter((parts) => parts.length > 0);
}

/** The names of an import: the parts of each path, and its alias. */
export function listed(parts: SyntaxNode[]): [SyntaxNode[], SyntaxNode | undefined][] {
  const all: [SyntaxNode[], SyntaxNode | undefined][] = [[[], undefined]];
  let aliased = false;
  for (const part of parts) {
    const current = all.at(-1);
    if (part.name === ',') {
      all.push([[], undefined]);
      aliased = false;
    } else if (part.name === 'as') aliased = true;
    else if (part.name === 'VariableName' && current) {
      if (aliased) current[1] = part;
      else current[0].push(part);
    }
  }
  return all;
}
