import { groupBy } from '../group-by.ts';
import { type Binding, type Call, globalPrefix, type SourceModule, type Value } from './module.ts';

/** Aliases of aliases. */
const depthLimit = 20;

/** Resolves the names of a module. An ambiguous name is not resolved. */
export class Names {
  private readonly scopes: SourceModule['scopes'];
  /** The values of each name, by scope. */
  private readonly bindings = new Map<string, Map<number, Value[]>>();
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
   * The full name of a value: `axios.get`, `axios.create().get` for a method of the result of `create`, `global.fetch`
   * without an import. Undefined when the code does not determine it.
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
        // Bundlers and CommonJS call the main export `default`.
        if (value.name === 'default') return object;
        return /^global\.(?:globalThis|window|self|global|builtins)$/.test(object)
          ? `${globalPrefix}${value.name}`
          : `${object}.${value.name}`;
      }
      case 'variable': {
        const values = this.valuesOf(value.name, value.scope);
        if (values === undefined) return isAttribute(value.name) ? undefined : globalPrefix + value.name;
        if (!this.known.has(values)) {
          // Ends the recursion for a variable that is assigned to itself.
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

  /** The value itself, or the only value of a variable. */
  literal(value: Value | undefined, depth = 0): Value | undefined {
    if (value?.kind !== 'variable' || depth > depthLimit) return value;
    const values = this.valuesOf(value.name, value.scope);
    return values?.length === 1 ? this.literal(values[0], depth + 1) : value;
  }

  /** The calls that created the object of a method call; undefined when the code does not show all of them. */
  makersOf(call: Call): Call[] | undefined {
    const { callee } = call;
    if (callee.kind === 'member') return this.callsBehind(callee.of);
    return callee.kind === 'variable' ? this.callsBehind(callee) : undefined;
  }

  private callsBehind(value: Value, depth = 0): Call[] | undefined {
    if (depth > depthLimit) return undefined;
    if (value.kind === 'call') return [value.call];
    // `response.data.x()`, `sdk.chat.create()`: the call that created the first object of the chain.
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

  /** The values of a name in the nearest scope that binds it; undefined when none does. */
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
