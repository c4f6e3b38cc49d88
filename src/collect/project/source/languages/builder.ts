import { type Call, type SourceModule, unknown, type Value } from '../module.ts';

/** The position of an expression in a file. */
export interface Position {
  scope: number;
  functions: string[];
  within?: Call;
}

/** Builds the module of a file in any language. */
export class ModuleBuilder {
  readonly module: SourceModule;

  constructor(file: string, language: SourceModule['language']) {
    this.module = {
      file,
      language,
      imports: [],
      scopes: [undefined],
      bindings: [],
      calls: [],
      assigned: [],
      literals: [],
    };
  }

  readonly start: Position = { scope: 0, functions: [] };

  /** The scope of a function of this name. */
  inner(position: Position, name: string): Position {
    this.module.scopes.push(position.scope);
    return {
      ...position,
      scope: this.module.scopes.length - 1,
      functions: [name, ...position.functions].slice(0, 10),
    };
  }

  bind(name: string, value: Value, { scope }: Position): void {
    // An attribute outlives the function that sets it.
    this.module.bindings.push({ name, value, scope: /^(?:this|self)\./.test(name) ? 0 : scope });
  }

  /** @param specifier as written; relative ones belong to the project */
  import(specifier: string, line: number): Value {
    if (specifier.startsWith('.') || specifier.startsWith('/')) return unknown;
    const name = specifier.replace(/^(?:node|npm|jsr):/, '').replace(/(?<=.)@\d[^/]*/, '');
    this.module.imports.push({ name, line });
    return { kind: 'module', name };
  }

  call(callee: Value, line: number, position: Position): Call {
    const call: Call = {
      callee,
      args: [],
      keywords: new Map(),
      open: false,
      line,
      functions: position.functions,
    };
    if (position.within) call.within = position.within;
    this.module.calls.push(call);
    return call;
  }

  /** Records the literal texts among the values of a name. */
  named(name: string, value: Value, line: number): void {
    if (value.kind === 'text') this.module.literals.push({ name, text: value.text, line });
    if (value.kind === 'either') for (const one of value.of) this.named(name, one, line);
  }
}
