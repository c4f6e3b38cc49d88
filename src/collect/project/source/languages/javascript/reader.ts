import { type Call, type SourceModule, unknown, type Value } from '../../module.ts';
import { ModuleBuilder, type Position } from '../builder.ts';
import {
  asNode,
  asNodes,
  childrenOf,
  functionName,
  isCallsOnly,
  isExpression,
  isFunction,
  keyOf,
  lineOf,
  memberName,
  type Node,
  pathOf,
  withCode,
  wrappers,
} from './nodes.ts';
import { parseProgram } from './parse.ts';

/** Levels of nodes. Generated code has a hundred. */
const depthLimit = 400;

/**
 * Reads TypeScript or JavaScript.
 *
 * @throws the parser's error for a text that it cannot read
 */
export function readJavaScript(file: string, text: string): SourceModule {
  const { program, language } = parseProgram(file, text);
  const reader = new JavaScriptReader(file, language);
  reader.visit(program, reader.builder.start, 0);
  return reader.builder.module;
}

class JavaScriptReader {
  readonly builder: ModuleBuilder;
  private readonly values = new Map<Node, Value>();

  constructor(file: string, language: SourceModule['language']) {
    this.builder = new ModuleBuilder(file, language);
  }

  visit(node: Node, position: Position, depth: number): void {
    if (depth > depthLimit || (node.type.startsWith('TS') && !withCode.has(node.type))) return;
    switch (node.type) {
      case 'ImportDeclaration':
        this.importNames(node, position);
        return;
      case 'VariableDeclarator': {
        // A declaration without a value gets one later.
        const value = node.init ? this.value(node.init, position, depth) : empty;
        this.bindPattern(node.id, value, position);
        break;
      }
      case 'ForInStatement':
      case 'ForOfStatement': {
        const [declared] = asNodes(asNode(node.left)?.declarations);
        this.bindPattern(declared?.id ?? node.left, unknown, position);
        break;
      }
      case 'ClassProperty':
      case 'ClassPrivateProperty': {
        const name = keyOf(node);
        const value = node.value ? this.value(node.value, position, depth) : empty;
        if (name !== undefined) {
          this.builder.bind(`this.${name}`, value, position);
          this.builder.named(name, value, lineOf(node));
        }
        break;
      }
      case 'AssignmentPattern': {
        const name = pathOf(node.left);
        if (name !== undefined)
          this.builder.named(name, this.value(node.right, position, depth), lineOf(node));
        break;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        this.bindPattern(node.id, unknown, position);
        break;
      case 'TSImportEqualsDeclaration': {
        const specifier = asNode(asNode(node.moduleReference)?.expression);
        if (typeof specifier?.value === 'string') {
          this.bindPattern(node.id, this.builder.import(specifier.value, lineOf(node)), position);
        }
        return;
      }
      case 'CatchClause':
        this.bindPattern(node.param, unknown, position);
        break;
      default:
        if (isExpression(node)) {
          this.value(node, position, depth);
          return;
        }
    }
    this.visitChildren(node, isFunction(node) ? this.enter(node, position) : position, depth);
  }

  private visitChildren(node: Node, position: Position, depth: number): void {
    for (const child of childrenOf(node)) this.visit(child, position, depth + 1);
  }

  /** The value of an expression. Reads everything in it, once. */
  private value(raw: unknown, position: Position, depth: number): Value {
    const node = asNode(raw);
    if (!node || depth > depthLimit) return unknown;
    const known = this.values.get(node);
    if (known) return known;
    const value = this.readValue(node, position, depth + 1);
    this.values.set(node, value);
    return value;
  }

  private readValue(node: Node, position: Position, depth: number): Value {
    if (wrappers.has(node.type)) return this.value(node.expression ?? node.argument, position, depth);
    switch (node.type) {
      case 'StringLiteral':
        return { kind: 'text', text: String(node.value) };
      case 'TemplateLiteral': {
        const [part] = (node.quasis as Node[]) ?? [];
        const cooked = (part?.value as { cooked?: string } | undefined)?.cooked;
        if (asNodes(node.expressions).length === 0) return { kind: 'text', text: cooked ?? '' };
        break;
      }
      case 'NumericLiteral':
        return { kind: 'number', value: Number(node.value) };
      case 'BooleanLiteral':
        return { kind: 'constant', value: node.value === true };
      case 'NullLiteral':
        return { kind: 'constant', value: null };
      case 'Identifier':
        if (node.name === 'undefined') return { kind: 'constant', value: null };
        return { kind: 'variable', name: String(node.name), scope: position.scope };
      case 'ObjectExpression':
        return this.objectOf(node, position, depth);
      case 'ArrayExpression':
        return {
          kind: 'list',
          items: asNodes(node.elements).map((item) => this.value(item, position, depth)),
        };
      case 'AssignmentExpression':
        return this.assignmentOf(node, position, depth);
      case 'LogicalExpression': {
        const of = [node.left, node.right].map((side) => this.value(side, position, depth));
        // process.env.API_KEY ?? "…"
        this.builder.named(memberName(node.left) ?? '', of[1] ?? unknown, lineOf(node));
        return { kind: 'either', of };
      }
      case 'ConditionalExpression':
        this.value(node.test, position, depth);
        return {
          kind: 'either',
          of: [node.consequent, node.alternate].map((side) => this.value(side, position, depth)),
        };
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.memberOf(node, position, depth);
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.callOf(node, position, depth);
      case 'ImportExpression':
        return this.required(node.source, node, position, depth) ?? unknown;
      case 'ArrowFunctionExpression':
      case 'FunctionExpression': {
        const inner = this.enter(node, position);
        const before = this.builder.module.calls.length;
        this.visitChildren(node, inner, depth);
        return isCallsOnly(node)
          ? { kind: 'function', body: this.builder.module.calls.slice(before) }
          : { kind: 'function' };
      }
      default:
    }
    // No value of interest, but its parts may have one.
    this.visitChildren(node, position, depth);
    return unknown;
  }

  private assignmentOf(node: Node, position: Position, depth: number): Value {
    const value = this.value(node.right, position, depth);
    const target = pathOf(node.left);
    if (target !== undefined) {
      this.builder.bind(target, value, position);
      this.builder.named(memberName(node.left) ?? target, value, lineOf(node));
    } else {
      this.bindPattern(node.left, value, position);
      this.builder.module.assigned.push({
        target: this.value(node.left, position, depth),
        line: lineOf(node),
      });
      this.builder.named(memberName(node.left) ?? '', value, lineOf(node));
    }
    return value;
  }

  private objectOf(node: Node, position: Position, depth: number): Value {
    const entries = new Map<string, Value>();
    let open = false;
    for (const property of asNodes(node.properties)) {
      const name = keyOf(property);
      if (name === undefined) open = true;
      if (property.type === 'ObjectMethod') {
        if (name !== undefined) entries.set(name, { kind: 'function' });
        this.visitChildren(property, this.enter(property, position), depth);
        continue;
      }
      const value = this.value(property.value ?? property.argument, position, depth);
      if (name === undefined) continue;
      entries.set(name, value);
      this.builder.named(name, value, lineOf(property));
    }
    return { kind: 'object', entries, open };
  }

  private memberOf(node: Node, position: Position, depth: number): Value {
    const name = memberName(node);
    if (asNode(node.object)?.type === 'ThisExpression') {
      return name === undefined ? unknown : { kind: 'variable', name: `this.${name}`, scope: position.scope };
    }
    const object = this.value(node.object, position, depth);
    if (name !== undefined) return { kind: 'member', of: object, name };
    this.value(node.property, position, depth);
    return unknown;
  }

  private callOf(node: Node, position: Position, depth: number): Value {
    const args = asNodes(node.arguments);
    const callee = asNode(node.callee);
    const required =
      callee?.type === 'Import' || (callee?.type === 'Identifier' && callee.name === 'require')
        ? this.required(args[0], node, position, depth)
        : undefined;
    if (required) return required;
    const call = this.builder.call(this.value(node.callee, position, depth), lineOf(node), position);
    this.readArguments(call, args, { ...position, within: call }, depth);
    return { kind: 'call', call };
  }

  private readArguments(call: Call, args: Node[], position: Position, depth: number): void {
    for (const arg of args) {
      if (arg.type === 'SpreadElement') call.open = true;
      const value = this.value(arg.type === 'SpreadElement' ? arg.argument : arg, position, depth);
      if (arg.type !== 'SpreadElement') call.args.push(value);
    }
  }

  /** `require("x")`, `import("x")`. */
  private required(source: unknown, node: Node, position: Position, depth: number): Value | undefined {
    const specifier = this.value(source, position, depth);
    return specifier.kind === 'text' ? this.builder.import(specifier.text, lineOf(node)) : undefined;
  }

  private importNames(node: Node, position: Position): void {
    const specifier = asNode(node.source)?.value;
    if (typeof specifier !== 'string' || node.importKind === 'type') return;
    const module = this.builder.import(specifier, lineOf(node));
    for (const item of asNodes(node.specifiers)) {
      const imported = asNode(item.imported);
      const name = imported && String(imported.name ?? imported.value);
      const value: Value = name === undefined ? module : { kind: 'member', of: module, name };
      if (item.importKind !== 'type') this.bindPattern(item.local, value, position);
    }
  }

  /** Binds a variable, or each variable of a pattern. */
  private bindPattern(raw: unknown, value: Value, position: Position): void {
    const pattern = asNode(raw);
    if (!pattern) return;
    if (pattern.type === 'Identifier') {
      this.builder.bind(String(pattern.name), value, position);
      this.builder.named(String(pattern.name), value, lineOf(pattern));
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of asNodes(pattern.properties)) {
        const name = keyOf(property);
        const part: Value = name === undefined ? unknown : { kind: 'member', of: value, name };
        this.bindPattern(property.value ?? property.argument, part, position);
      }
    } else if (pattern.type === 'ArrayPattern') {
      for (const item of asNodes(pattern.elements)) this.bindPattern(item, unknown, position);
    } else if (['AssignmentPattern', 'TSParameterProperty', 'RestElement'].includes(pattern.type)) {
      this.bindPattern(pattern.left ?? pattern.parameter ?? pattern.argument, unknown, position);
    }
  }

  private enter(node: Node, position: Position): Position {
    const inner = this.builder.inner(position, functionName(node));
    for (const parameter of asNodes(node.params)) this.bindPattern(parameter, unknown, inner);
    return inner;
  }
}

const empty: Value = { kind: 'constant', value: null };
