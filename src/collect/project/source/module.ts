/**
 * One source file as the facts need it, whatever its language: what is called, with what, and where names come from.
 * Expressions that nothing asks about are `unknown`.
 */
export interface SourceModule {
  file: string;
  language: 'typescript' | 'javascript' | 'python';
  /** Packages that it imports, without relative paths: `axios`, `@sentry/node`, `urllib.request`. */
  imports: { name: string; line: number }[];
  /** The scope around each scope, by index; the file's own is 0 and has none. */
  scopes: (number | undefined)[];
  bindings: Binding[];
  /** In the order of the text. */
  calls: Call[];
  /** What is assigned to that is no variable of this file: `axios.defaults.timeout = …`. */
  assigned: { target: Value; line: number }[];
  /** Literal texts that are given a name: `apiKey = "…"`, `{ token: "…" }`, `getenv("KEY", "…")`. */
  literals: { name: string; text: string; line: number }[];
}

/** A name that gets a value: a variable, an import, a parameter (`unknown`), or an attribute (`this.x`, `self.x`). */
export interface Binding {
  name: string;
  scope: number;
  value: Value;
}

export interface Call {
  callee: Value;
  args: Value[];
  keywords: Map<string, Value>;
  /** There may be arguments that cannot be seen: `f(...rest)`, `f(**options)`. */
  open: boolean;
  line: number;
  /** The call of which this one is in an argument, a callback's body included. */
  within?: Call;
  /** Names of the functions around it, the nearest first; `''` for one without a name. */
  functions: string[];
}

export type Value =
  | { kind: 'text'; text: string }
  | { kind: 'number'; value: number }
  | { kind: 'constant'; value: true | false | null }
  | { kind: 'object'; entries: Map<string, Value>; open: boolean }
  | { kind: 'list'; items: Value[] }
  | { kind: 'variable'; name: string; scope: number }
  | { kind: 'member'; of: Value; name: string }
  | { kind: 'module'; name: string }
  | { kind: 'call'; call: Call }
  | { kind: 'either'; of: Value[] }
  /** `body` is what its statements call, where it consists of calls alone. */
  | { kind: 'function'; body?: Call[] }
  | { kind: 'unknown' };

export const unknown: Value = { kind: 'unknown' };

/** Names for what a language has without an import start with this: `global.fetch`, `global.print`. */
export const globalPrefix = 'global.';
