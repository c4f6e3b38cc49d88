import { unknown, type Value } from '../../module.ts';
import type { ModuleBuilder, Position } from '../builder.ts';
import { childrenOf, listed, type PythonText, type SyntaxNode } from './nodes.ts';

/** Binds the names of an import statement: `import a.b`, `from a import b as c`. */
export function bindImports(
  node: SyntaxNode,
  position: Position,
  source: PythonText,
  builder: ModuleBuilder,
): void {
  const parts = childrenOf(node);
  const line = source.lineOf(node);
  const split = parts.findIndex(({ name }) => name === 'import');
  const named = listed(parts.slice(split + 1));
  if (parts[0]?.name !== 'from') {
    for (const [path, alias] of named) {
      // `import a.b` binds `a`; `import a.b as c` binds the module itself.
      const [root, ...others] = path.map((part) => source.slice(part));
      if (root === undefined) continue;
      const module = builder.import([root, ...others].join('.'), line);
      if (alias) builder.bind(source.slice(alias), module, position);
      else builder.bind(root, { kind: 'module', name: root }, position);
    }
    return;
  }
  // `from . import a` stays within the project.
  const path = parts.slice(1, split);
  const relative = path[0]?.name !== 'VariableName';
  const specifier = source.text.slice(path[0]?.from ?? 0, path.at(-1)?.to ?? 0).replace(/\s/g, '');
  const module = relative ? unknown : builder.import(specifier, line);
  for (const [[name], alias] of named) {
    if (!name) continue;
    const value: Value = { kind: 'member', of: module, name: source.slice(name) };
    builder.bind(source.slice(alias ?? name), module === unknown ? unknown : value, position);
  }
}
