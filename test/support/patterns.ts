import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParserOptions, parse } from '@babel/parser';

export interface FoundPattern {
  file: string;
  line: number;
  source: string;
  flags: string;
}

export interface FoundConstruction {
  file: string;
  line: number;
  /** Within a function, and so perhaps after the module is loaded. */
  later: boolean;
}

interface SyntaxNode {
  type: string;
  loc: { start: { line: number } };
  pattern?: string;
  flags?: string;
  callee?: { name?: string };
}

const options: ParserOptions = { sourceType: 'module', plugins: ['typescript'] };

/** Every regular expression that is written in the files of a folder: the literals, and where one is constructed. */
export function patternsIn(folder: string): { literals: FoundPattern[]; constructions: FoundConstruction[] } {
  const literals: FoundPattern[] = [];
  const constructions: FoundConstruction[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files.sort()) {
    const code = readFileSync(join(folder, file), 'utf8');
    for (const { node, later } of nodesOf(parse(code, options).program)) {
      const { line } = node.loc.start;
      if (node.type === 'RegExpLiteral') {
        literals.push({ file, line, source: node.pattern ?? '', flags: node.flags ?? '' });
      } else if (/^(?:New|Call)Expression$/.test(node.type) && node.callee?.name === 'RegExp') {
        constructions.push({ file, line, later });
      }
    }
  }
  return { literals, constructions };
}

function* nodesOf(value: unknown, later = false): Generator<{ node: SyntaxNode; later: boolean }> {
  if (typeof value !== 'object' || value === null) return;
  const isNode = 'type' in value && 'loc' in value;
  if (isNode) yield { node: value as SyntaxNode, later };
  const within = later || (isNode && /Function|Method/.test(String(value.type)));
  for (const [key, member] of Object.entries(value)) {
    if (key !== 'loc') yield* nodesOf(member, within);
  }
}

/** What a module constructs while it loads, its imports included where they are not loaded yet. */
export async function constructedBy(load: () => Promise<unknown>): Promise<RegExp[]> {
  const constructed: RegExp[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct: (target, args, newTarget) => {
      const made: RegExp = Reflect.construct(target, args, newTarget);
      constructed.push(made);
      return made;
    },
  });
  try {
    await load();
  } finally {
    globalThis.RegExp = original;
  }
  return constructed;
}
