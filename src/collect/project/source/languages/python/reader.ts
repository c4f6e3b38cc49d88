import { parser } from '@lezer/python';
import { type SourceModule, unknown, type Value } from '../../module.ts';
import type { Position } from '../builder.ts';
import { depthLimit, ExpressionReader } from './expressions.ts';
import { bindImports } from './imports.ts';
import { argumentsOf, childrenOf, childrenUntil, expressions, type SyntaxNode } from './nodes.ts';

/** Reads Python. Skips what the parser does not understand. */
export function readPython(file: string, text: string): SourceModule {
  const reader = new PythonReader(file, text);
  reader.visit(parser.parse(text).topNode, reader.builder.start, 0);
  return reader.builder.module;
}

/** Reads statements. */
class PythonReader extends ExpressionReader {
  /** Reads a statement, or any node that may contain expressions. */
  visit(node: SyntaxNode, position: Position, depth: number): void {
    if (depth > depthLimit) return;
    switch (node.name) {
      case 'ImportStatement':
        bindImports(node, position, this.source, this.builder);
        return;
      case 'AssignStatement':
        this.assign(node, position, depth);
        return;
      case 'WithStatement':
        this.enterContexts(node, position, depth);
        return;
      case 'FunctionDefinition':
        this.enterFunction(node, position, depth);
        return;
      case 'ClassDefinition':
        this.enterClass(node, position, depth);
        return;
      case 'Decorator':
        this.decorate(node, position, depth);
        return;
      case 'ForStatement':
        this.bindAll(childrenUntil(node, 'in'), position);
        break;
      default:
        if (expressions.has(node.name)) {
          this.value(node, position, depth);
          return;
        }
    }
    for (const child of childrenOf(node)) this.visit(child, position, depth + 1);
  }

  /** `a = b = value`, `a: T = value`, `a, b = value`. */
  private assign(node: SyntaxNode, position: Position, depth: number): void {
    const parts = childrenOf(node).filter(({ name }) => name !== 'TypeDef');
    const signs = parts.flatMap(({ name }, index) => (name === 'AssignOp' ? [index] : []));
    const last = signs.at(-1);
    if (last === undefined) return;
    const [given, ...more] = parts.slice(last + 1);
    const value = this.value(given, position, depth + 1);
    for (const part of more) this.visit(part, position, depth + 1);
    let from = 0;
    for (const sign of signs) {
      const targets = parts.slice(from, sign);
      from = sign + 1;
      const [target] = targets;
      if (targets.length !== 1 || !target) this.bindAll(targets, position);
      else this.bindTarget(target, more.length > 0 ? unknown : value, position);
    }
  }

  /** `with a() as b, c():` */
  private enterContexts(node: SyntaxNode, position: Position, depth: number): void {
    let value: Value = unknown;
    let named = false;
    for (const child of childrenOf(node)) {
      if (child.name === 'as') named = true;
      else if (named) {
        this.bindTarget(child, value, position);
        named = false;
      } else if (expressions.has(child.name)) value = this.value(child, position, depth + 1);
      else this.visit(child, position, depth + 1);
    }
  }

  enterFunction(node: SyntaxNode, position: Position, depth: number): void {
    const id = node.name === 'FunctionDefinition' ? node.getChild('VariableName') : null;
    if (id) this.builder.bind(this.source.slice(id), unknown, position);
    const inner = this.builder.inner(position, id ? this.source.slice(id) : '');
    const parameters = node.getChild('ParamList');
    for (const [name, sign, value] of parameters ? argumentsOf(parameters) : []) {
      if (name?.name === 'VariableName') {
        this.builder.bind(this.source.slice(name), unknown, inner);
        if (sign?.name === 'AssignOp') {
          this.builder.named(
            this.source.slice(name),
            this.value(value, position, depth + 1),
            this.source.lineOf(name),
          );
        }
      } else if (sign?.name === 'VariableName') this.builder.bind(this.source.slice(sign), unknown, inner);
    }
    for (const child of childrenOf(node)) {
      if (child.name === 'Body' || (node.name === 'LambdaExpression' && expressions.has(child.name))) {
        this.visit(child, inner, depth + 1);
      }
    }
  }

  /** Names in a class's body are attributes of its objects: `self.x`. */
  private enterClass(node: SyntaxNode, position: Position, depth: number): void {
    const id = node.getChild('VariableName');
    if (id) this.builder.bind(this.source.slice(id), unknown, position);
    const body = node.getChild('Body');
    const bases = node.getChild('ArgList');
    if (bases) this.visit(bases, position, depth + 1);
    const inner = this.builder.inner(position, '');
    const attributes = this.builder.module.bindings.length;
    for (const child of body ? childrenOf(body) : [])
      this.visit(child, { ...inner, functions: position.functions }, depth + 1);
    for (const binding of this.builder.module.bindings.slice(attributes)) {
      if (binding.scope !== inner.scope) continue;
      this.builder.bind(`self.${binding.name}`, binding.value, position);
    }
  }

  /** `@mcp.tool(timeout=5)` is a call of `mcp.tool`; the parser splits its name. */
  private decorate(node: SyntaxNode, position: Position, depth: number): void {
    const list = node.getChild('ArgList');
    const [root, ...members] = node.getChildren('VariableName').map((part) => this.source.slice(part));
    if (!list || root === undefined) return;
    const callee = members.reduce<Value>((of, name) => ({ kind: 'member', of, name }), {
      kind: 'variable',
      name: root,
      scope: position.scope,
    });
    this.callWith(callee, list, node, position, depth);
  }
}
