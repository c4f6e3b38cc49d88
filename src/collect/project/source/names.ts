import { groupBy } from '../group-by.ts';
import { type Binding, type Call, globalPrefix, type SourceModule, type Value } from './module.ts';

/** Aliases of aliases. People use two. */
const depthLimit = 20;

/** Says what names in a module stand for. A name that may stand for several things stands for nothing. */
export class Names {
  private readonly scopes: SourceModule['scopes'];
  /** What each name is given, by scope. */
  private readonly bindings = new Map<string, Map<number, Value[]>>();
  /** Each reader of facts asks for the same names; of a variable, each mention does. */
  private readonly known = new Map<Value | Value[], string | undefined>();
  private readonly makers = new Map<Value[], Call[] | undefined>();

  constructor({ scopes, bindings }: SourceModule) {
    this.scopes = scopes;
    for (const [name, all] of groupBy(bindings, (binding) => binding.name)) {
      const byScope = groupBy(all, ({ scope }) => scope);
      this.bindings.set(name, new Map([...byScope].map(([scope, here]) => [scope, given(here)])));
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
        if (!this.known.has(values)) {
          // A variable that is given itself would be asked for again.
          this.known.set(values, undefined);
          const names = new Set(values.map((bound) => this.of(bound, depth + 1)));
          this.known.set(values, names.size === 1 ? [...names][0] : undefined);
        }
        return this.known.get(values);
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
    const values = this.valuesOf(value.name, value.scope);
    if (values === undefined) return undefined;
    if (!this.makers.has(values)) {
      this.makers.set(values, undefined);
      const all = values.map((bound) => this.callsBehind(bound, depth + 1));
      const whole = all.every((calls) => calls !== undefined);
      this.makers.set(values, whole ? [...new Set(all.flatMap((calls) => calls ?? []))] : undefined);
    }
    return this.makers.get(values);
  }

  /** What the nearest scope that knows the name gives it; undefined when none does. Empty values do not count. */
  private valuesOf(name: string, from: number): Value[] | undefined {
    const byScope = this.bindings.get(name);
    if (!byScope) return undefined;
    for (let scope: number | undefined = from; scope !== undefined; scope = this.scopes[scope]) {
      const here = byScope.get(scope);
      if (here) return here;
    }
    return undefined;
  }
}

function given(bindings: Binding[]): Value[] {
  const values = bindings.map(({ value }) => value);
  const whole = values.filter(({ kind }) => kind !== 'constant');
  return whole.length > 0 ? whole : values;
}

const isAttribute = (name: string): boolean => /^(?:this|self)\./.test(name);
