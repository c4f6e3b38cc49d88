import { type Binding, type Call, globalPrefix, type SourceModule, type Value } from './module.ts';

/** Aliases of aliases. People use two. */
const depthLimit = 20;

/** Says what names in a module stand for. A name that may stand for several things stands for nothing. */
export class Names {
  private readonly scopes: SourceModule['scopes'];
  private readonly bindings = new Map<string, Binding[]>();
  /** Each reader of facts asks for the same names. */
  private readonly known = new Map<Value, string | undefined>();

  constructor({ scopes, bindings }: SourceModule) {
    this.scopes = scopes;
    for (const binding of bindings) {
      const known = this.bindings.get(binding.name);
      if (known) known.push(binding);
      else this.bindings.set(binding.name, [binding]);
    }
  }

  /**
   * The full name of what a value is: `axios.get`, `axios.create().get` for a method of what `create` gave, `global.fetch`
   * for what needs no import. Undefined when it cannot be told.
   */
  of(value: Value, depth = 0): string | undefined {
    if (depth > depthLimit) return undefined;
    if (!this.known.has(value)) this.known.set(value, this.find(value, depth));
    return this.known.get(value);
  }

  private find(value: Value, depth: number): string | undefined {
    switch (value.kind) {
      case 'module':
        return value.name;
      case 'call': {
        const callee = this.of(value.call.callee, depth + 1);
        return callee === undefined ? undefined : `${callee}()`;
      }
      case 'member': {
        const object = this.of(value.of, depth + 1);
        if (object === undefined) return undefined;
        // What bundlers and CommonJS call a module's main export is the module.
        if (value.name === 'default') return object;
        return /^global\.(?:globalThis|window|self|global|builtins)$/.test(object)
          ? `${globalPrefix}${value.name}`
          : `${object}.${value.name}`;
      }
      case 'variable': {
        const values = this.valuesOf(value.name, value.scope);
        if (values === undefined) return isAttribute(value.name) ? undefined : globalPrefix + value.name;
        const names = new Set(values.map((bound) => this.of(bound, depth + 1)));
        return names.size === 1 ? [...names][0] : undefined;
      }
      default:
        return undefined;
    }
  }

  /** The value itself, or the only one that its variable is given. */
  literal(value: Value | undefined, depth = 0): Value | undefined {
    if (value?.kind !== 'variable' || depth > depthLimit) return value;
    const values = this.valuesOf(value.name, value.scope);
    return values?.length === 1 ? this.literal(values[0], depth + 1) : value;
  }

  /** The calls that made the object whose method is called; undefined when one of them cannot be seen. */
  makersOf(call: Call): Call[] | undefined {
    const { callee } = call;
    if (callee.kind === 'member') return this.callsBehind(callee.of);
    return callee.kind === 'variable' ? this.callsBehind(callee) : undefined;
  }

  private callsBehind(value: Value, depth = 0): Call[] | undefined {
    if (depth > depthLimit) return undefined;
    if (value.kind === 'call') return [value.call];
    // `response.data.x()` and `sdk.chat.create()`: what made the first of the chain.
    if (value.kind === 'member') return this.callsBehind(value.of, depth + 1);
    if (value.kind !== 'variable') return undefined;
    const all = this.valuesOf(value.name, value.scope)?.map((bound) => this.callsBehind(bound, depth + 1));
    if (all === undefined || all.some((calls) => calls === undefined)) return undefined;
    return all.flatMap((calls) => calls ?? []);
  }

  /** What the nearest scope that knows the name gives it; undefined when none does. Empty values do not count. */
  private valuesOf(name: string, from: number): Value[] | undefined {
    const all = this.bindings.get(name);
    if (!all) return undefined;
    for (let scope: number | undefined = from; scope !== undefined; scope = this.scopes[scope]) {
      const here = all.filter((binding) => binding.scope === scope).map(({ value }) => value);
      if (here.length === 0) continue;
      const given = here.filter(({ kind }) => kind !== 'constant');
      return given.length > 0 ? given : here;
    }
    return undefined;
  }
}

const isAttribute = (name: string): boolean => /^(?:this|self)\./.test(name);
