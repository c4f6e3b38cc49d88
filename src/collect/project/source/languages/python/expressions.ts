import { unknown, type Value } from '../../module.ts';
import { ModuleBuilder, type Position } from '../builder.ts';
import { argumentsOf, childrenOf, expressions, PythonText, type SyntaxNode } from './nodes.ts';

/** Levels of nodes. */
export const depthLimit = 400;

/** Reads expressions with their calls, names and bindings. */
export abstract class ExpressionReader {
  readonly builder: ModuleBuilder;
  protected readonly source: PythonText;

  constructor(file: string, text: string) {
    this.builder = new ModuleBuilder(file, 'python');
    this.source = new PythonText(text);
  }

  /** Reads any node that may contain expressions. */
  abstract visit(node: SyntaxNode, position: Position, depth: number): void;

  /** Reads a function or a lambda. */
  abstract enterFunction(node: SyntaxNode, position: Position, depth: number): void;

  /** The value of an expression. Reads everything in it, once. */
  protected value(node: SyntaxNode | null | undefined, position: Position, depth: number): Value {
    if (!node || depth > depthLimit) return unknown;
    switch (node.name) {
      case 'String':
      case 'ContinuedString': {
        const text = this.source.stringOf(node);
        return text === undefined ? unknown : { kind: 'text', text };
      }
      case 'Number':
        return { kind: 'number', value: Number(this.source.slice(node).replaceAll('_', '')) };
      case 'Boolean':
        return { kind: 'constant', value: this.source.slice(node) === 'True' };
      case 'None':
        return { kind: 'constant', value: null };
      case 'VariableName':
        return { kind: 'variable', name: this.source.slice(node), scope: position.scope };
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
        return this.value(
          childrenOf(node).find(({ name }) => !['(', 'await'].includes(name)),
          position,
          depth + 1,
        );
      case 'MemberExpression':
        return this.memberOf(node, position, depth);
      case 'CallExpression':
        return this.callOf(node, position, depth);
      case 'DictionaryExpression':
        return this.dictionaryOf(node, position, depth);
      case 'ArrayExpression':
        return { kind: 'list', items: this.partsOf(node, position, depth) };
      case 'ConditionalExpression': {
        const [first, , last] = this.partsOf(node, position, depth);
        return { kind: 'either', of: [first ?? unknown, last ?? unknown] };
      }
      case 'BinaryExpression': {
        const of = this.partsOf(node, position, depth);
        return node.getChild('or') ? { kind: 'either', of } : unknown;
      }
      case 'LambdaExpression': {
        const before = this.builder.module.calls.length;
        this.enterFunction(node, position, depth);
        return node.lastChild?.name === 'CallExpression'
          ? { kind: 'function', body: this.builder.module.calls.slice(before) }
          : { kind: 'function' };
      }
      case 'NamedExpression': {
        const [target, given] = childrenOf(node).filter(({ name }) => name !== 'AssignOp');
        const value = this.value(given, position, depth + 1);
        if (target) this.bindTarget(target, value, position);
        return value;
      }
      default:
    }
    // No value of interest, but its parts may have one.
    for (const child of childrenOf(node)) this.visit(child, position, depth + 1);
    return unknown;
  }

  /** The values of a node's expressions, without its signs and keywords. */
  protected partsOf(node: SyntaxNode, position: Position, depth: number): Value[] {
    return childrenOf(node)
      .filter(({ name }) => expressions.has(name))
      .map((child) => this.value(child, position, depth + 1));
  }

  protected memberOf(node: SyntaxNode, position: Position, depth: number): Value {
    const property = node.getChild('PropertyName');
    const object = this.value(node.firstChild, position, depth + 1);
    if (!property) {
      for (const child of childrenOf(node).slice(1)) this.visit(child, position, depth + 1);
      return unknown;
    }
    const name = this.source.slice(property);
    if (object.kind === 'variable' && ['self', 'cls'].includes(object.name)) {
      return { kind: 'variable', name: `self.${name}`, scope: position.scope };
    }
    return { kind: 'member', of: object, name };
  }

  protected callOf(node: SyntaxNode, position: Position, depth: number): Value {
    const callee = this.value(node.firstChild, position, depth + 1);
    return this.callWith(callee, node.getChild('ArgList'), node, position, depth);
  }

  protected callWith(
    callee: Value,
    list: SyntaxNode | null,
    node: SyntaxNode,
    position: Position,
    depth: number,
  ): Value {
    const call = this.builder.call(callee, this.source.lineOf(node), position);
    const inside = { ...position, within: call };
    for (const parts of list ? argumentsOf(list) : []) {
      const [first, second, third] = parts;
      if (first && second?.name === 'AssignOp') {
        const name = this.source.slice(first);
        const value = this.value(third, inside, depth + 1);
        call.keywords.set(name, value);
        this.builder.named(name, value, this.source.lineOf(first));
      } else if (first?.name === '*' || first?.name === '**') {
        call.open = true;
        this.value(second, inside, depth + 1);
      } else {
        for (const part of parts.slice(1)) this.visit(part, inside, depth + 1);
        call.args.push(this.value(first, inside, depth + 1));
      }
    }
    this.nameDefault(call.args, node);
    return { kind: 'call', call };
  }

  /** `os.getenv("API_KEY", "…")`, `os.environ.get("API_KEY", "…")`. */
  protected nameDefault([name, value]: Value[], node: SyntaxNode): void {
    if (name?.kind === 'text' && value?.kind === 'text' && /env/.test(this.source.slice(node).slice(0, 40))) {
      this.builder.named(name.text, value, this.source.lineOf(node));
    }
  }

  protected dictionaryOf(node: SyntaxNode, position: Position, depth: number): Value {
    const entries = new Map<string, Value>();
    let open = false;
    const parts = childrenOf(node).filter(({ name }) => ![',', '{', '}'].includes(name));
    for (let index = 0; index < parts.length; index++) {
      const key = parts[index];
      if (!key || parts[index + 1]?.name !== ':') {
        open = true;
        if (key) this.visit(key, position, depth + 1);
        continue;
      }
      const name = this.value(key, position, depth + 1);
      const value = this.value(parts[index + 2], position, depth + 1);
      index += 2;
      if (name.kind !== 'text') open = true;
      else {
        entries.set(name.text, value);
        this.builder.named(name.text, value, this.source.lineOf(key));
      }
    }
    return { kind: 'object', entries, open };
  }

  protected bindTarget(target: SyntaxNode, value: Value, position: Position): void {
    const line = this.source.lineOf(target);
    if (target.name === 'VariableName') {
      this.builder.bind(this.source.slice(target), value, position);
      this.builder.named(this.source.slice(target), value, line);
      return;
    }
    if (target.name !== 'MemberExpression') return;
    const member = this.value(target, position, 0);
    if (member.kind === 'variable') {
      this.builder.bind(member.name, value, position);
      this.builder.named(member.name.replace(/^self\./, ''), value, line);
    } else if (member.kind === 'member') {
      this.builder.named(member.name, value, line);
    } else {
      const key = target.getChild('String');
      this.builder.named((key && this.source.stringOf(key)) ?? '', value, line);
    }
  }

  protected bindAll(targets: SyntaxNode[], position: Position): void {
    for (const target of targets) {
      if (target.name === 'VariableName') this.builder.bind(this.source.slice(target), unknown, position);
      else if (target.name === 'TupleExpression') this.bindAll(childrenOf(target), position);
    }
  }
}
