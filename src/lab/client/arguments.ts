import { isObject, ownValue } from '../../text/json.ts';
import { singleLine } from '../../text/printable.ts';
import { createPatterns, maxPatternCharacters, type Patterns, patternLimitMs } from './patterns.ts';
import { pick, sampleByFormat, sampleByName } from './sample-values.ts';

type Schema = Record<string, unknown>;

/** Limits on what a schema can make the lab produce. */
const maxDepth = 6;
const maxItems = 20;
const maxTextCharacters = 10_000;
/** For all arguments of one call together. */
const maxValues = 1_000;
const maxCharacters = 20_000;
/** For values in the schema itself. */
const maxGivenDepth = 20;
const maxReferenceCharacters = 1_000;

/** A problem is a sentence: the property, and why the lab cannot make a value for it. */
export type Made<T = unknown> = { value: T } | { problem: string };

/**
 * Makes arguments that a tool's schema allows: its required properties, from examples, defaults and enumerations, or from names,
 * formats and ranges.
 *
 * @param variant different numbers give different arguments, as far as the schema allows
 */
export function makeArguments(
  inputSchema: unknown,
  variant = 0,
  patterns: Patterns = createPatterns(),
): Made<Record<string, unknown>> {
  if (!isObject(inputSchema)) return { problem: 'The schema is not an object.' };
  const made = make(inputSchema, createContext(inputSchema, variant, patterns));
  if ('problem' in made) return made;
  return isObject(made.value)
    ? { value: made.value }
    : { problem: 'The schema does not describe an object.' };
}

/** A value for one property of a tool's arguments. */
export function makeValue(
  inputSchema: Schema,
  property: string,
  variant: number,
  patterns: Patterns = createPatterns(),
): Made {
  const schema = ownValue(inputSchema.properties, property);
  return make(schema, {
    ...createContext(inputSchema, variant, patterns),
    depth: 1,
    name: property,
    path: property,
  });
}

interface Context {
  root: Schema;
  variant: number;
  patterns: Patterns;
  /** The rest of the limits, shared by all values of one call. */
  left: { values: number; characters: number };
  depth: number;
  /** Of the property: a hint at the value. */
  name: string;
  /** For a person: "place.city". */
  path: string;
}

function createContext(root: Schema, variant: number, patterns: Patterns): Context {
  const left = { values: maxValues, characters: maxCharacters };
  return { root, variant, patterns, left, depth: 0, name: '', path: '' };
}

function make(schema: unknown, context: Context): Made {
  context.left.values -= 1;
  if (context.left.values < 0 || context.left.characters < 0) return tooMuch;
  if (context.depth > maxDepth) return no(context, `is nested deeper than ${maxDepth} levels`);
  if (!isObject(schema)) return no(context, 'has no schema');
  const inner = { ...context, depth: context.depth + 1 };
  if (typeof schema.$ref === 'string') {
    const referred = resolve(schema.$ref, context.root);
    return referred === undefined
      ? no(context, `refers to ${quoted(schema.$ref)}, which is not in the schema`)
      : make(referred, inner);
  }
  if (schema.const !== undefined) return given(schema.const, context);
  const list = [schema.examples, schema.enum].find((one) => Array.isArray(one) && one.length > 0);
  if (Array.isArray(list)) return given(pick(list, context.variant), context);
  if (schema.default !== undefined) return given(schema.default, context);
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (alternatives !== undefined) return firstOf(alternatives, inner);
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === 'string') return text(schema, context);
  if (type === 'number' || type === 'integer') return number(schema, type, context);
  if (type === 'boolean') return { value: context.variant % 2 === 1 };
  if (type === 'array') return items(schema, inner);
  if (type === 'object' || isObject(schema.properties)) return object(schema, inner);
  return no(context, 'has no type that the lab supports');
}

const tooMuch = {
  problem: `The schema requires more than ${maxValues} values or ${maxCharacters} characters, the limits of the lab.`,
};

/** A value from the schema. */
function given(value: unknown, context: Context): Made {
  return draw(value, context.left, maxGivenDepth) ? { value } : tooMuch;
}

/** Takes a value from the limits. Returns false if they are exceeded. */
function draw(value: unknown, left: Context['left'], depth: number): boolean {
  left.values -= 1;
  if (typeof value === 'string') left.characters -= value.length;
  if (left.values < 0 || left.characters < 0) return false;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((one) => draw(one, left, depth - 1));
  for (const name in value) {
    left.characters -= name.length;
    if (!draw((value as Schema)[name], left, depth - 1)) return false;
  }
  return true;
}

function firstOf(alternatives: readonly unknown[], context: Context): Made {
  let problem: Made = no(context, 'has no alternative that the lab can produce');
  for (const alternative of alternatives) {
    const made = make(alternative, context);
    if (made === tooMuch) return made;
    if ('problem' in made) problem = made;
    else if (made.value !== null) return made;
  }
  return problem;
}

function text(schema: Schema, context: Context): Made {
  const { variant, name, left, patterns } = context;
  const sample = sampleByFormat(schema.format, variant) ?? sampleByName(name || 'text', variant);
  const least = count(schema.minLength) ?? 0;
  const most = count(schema.maxLength) ?? Infinity;
  if (least > maxTextCharacters) {
    return no(
      context,
      `must have at least ${least} characters, and the limit of the lab is ${maxTextCharacters}`,
    );
  }
  if (least > most) return no(context, `must have at least ${least} characters and at most ${most}`);
  const value = String(sample).padEnd(least, 'x').slice(0, most);
  left.characters -= value.length;
  if (left.characters < 0) return tooMuch;
  const { pattern } = schema;
  if (typeof pattern !== 'string') return { value };
  const result = patterns.test(pattern, value);
  if (result === 'matches') return { value };
  return result === 'differs'
    ? no(context, `has the pattern ${quoted(pattern)}, and the lab has no value that matches it`)
    : no(
        context,
        `has a pattern that is too expensive to test: the limits are ${maxPatternCharacters} characters and ${patternLimitMs} ms`,
      );
}

function number(schema: Schema, type: 'number' | 'integer', context: Context): Made {
  const { name, variant } = context;
  const bound = (key: string) => {
    const value = schema[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const multiple = bound('multipleOf') ?? 0;
  const step = multiple > 0 ? multiple : type === 'integer' ? 1 : 0;
  const above = bound('exclusiveMinimum');
  const below = bound('exclusiveMaximum');
  const least = bound('minimum') ?? (above === undefined ? undefined : above + (step || 0.001));
  const most = bound('maximum') ?? (below === undefined ? undefined : below - (step || 0.001));
  const wanted = name === '' ? undefined : sampleByName(name, variant);
  let value = typeof wanted === 'number' ? wanted : (least ?? Math.min(1, most ?? 1)) + variant;
  value = Math.max(least ?? -Infinity, Math.min(most ?? Infinity, value));
  if (step > 0) value = Math.ceil(value / step) * step;
  if (Number.isFinite(value) && (most === undefined || value <= most)) return { value };
  return no(context, 'has bounds, and the lab found no number within them');
}

function items(schema: Schema, context: Context): Made {
  const least = count(schema.minItems) ?? 1;
  if (least > maxItems) {
    return no(context, `must have at least ${least} items, and the limit of the lab is ${maxItems}`);
  }
  const value: unknown[] = [];
  for (let index = 0; index < least; index += 1) {
    const made = make(schema.items ?? { type: 'string' }, {
      ...context,
      name: context.name.replace(/s$/, ''),
      path: `${context.path}[]`,
      variant: context.variant + index,
    });
    if ('problem' in made) return made;
    value.push(made.value);
  }
  return { value };
}

function object(schema: Schema, context: Context): Made {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const entries = new Map<string, unknown>();
  for (const name of required) {
    if (typeof name !== 'string' || entries.has(name)) continue;
    context.left.characters -= name.length;
    if (context.left.characters < 0) return tooMuch;
    const path = context.path === '' ? name : `${context.path}.${name}`;
    const made = make(ownValue(schema.properties, name), { ...context, name, path });
    if ('problem' in made) return made;
    entries.set(name, made.value);
  }
  // Assignment would set the prototype for "__proto__".
  return { value: Object.fromEntries(entries) };
}

/** Within the same document (RFC 6901, as a URI fragment). */
export function resolve(reference: string, root: Schema): unknown {
  if (!reference.startsWith('#') || reference.length > maxReferenceCharacters) return undefined;
  const steps = reference.slice(1).split('/').slice(1);
  try {
    return steps
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(ownValue, root);
  } catch {
    // An invalid percent escape.
    return undefined;
  }
}

/** A length or a number of items. Other values are no limit. */
function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.ceil(value) : undefined;
}

function no({ path }: Context, what: string): { problem: string } {
  return { problem: `${path === '' ? 'The schema' : quoted(path)} ${what}.` };
}

const quoted = (text: string) => `"${singleLine(text.slice(0, 200), 100)}"`;
