/**
 * One source file in any language, as the facts need it: its calls, their arguments, and the origin of its names.
 * Other expressions are `unknown`.
 */
export interface SourceModule {
  file: string;
  language: 'typescript' | 'javascript' | 'python';
  /** Imported packages, without relative paths: `axios`, `@sentry/node`, `urllib.request`. */
  imports: { name: string; line: number }[];
  /** The parent of each scope, by index. Scope 0 is the file, which has none. */
  scopes: (number | undefined)[];
  bindings: Binding[];
  /** In the order of the text. */
  calls: Call[];
  /** Assignments to anything but variables of this file: `axios.defaults.timeout = …`. */
  assigned: { target: Value; line: number }[];
  /** Literal texts with a name: `apiKey = "…"`, `{ token: "…" }`, `getenv("KEY", "…")`. */
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
  /** The call may have arguments that the code does not show: `f(...rest)`, `f(**options)`. */
  open: boolean;
  line: number;
  /** The call that has this one in an argument, also in the body of a callback. */
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
  /** `body`: the calls of a function that consists of calls alone. */
  | { kind: 'function'; body?: Call[] }
  | { kind: 'unknown' };

export const unknown: Value = { kind: 'unknown' };

/** The prefix of names without an import: `global.fetch`, `global.print`. */
export const globalPrefix = 'global.';
