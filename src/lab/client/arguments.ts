import { runInNewContext } from 'node:vm';
import { isObject, ownValue } from '../../collect/wire/mcp/reply.ts';

type Schema = Record<string, unknown>;

/** Each experiment takes some that nobody has asked about before. */
const places = [
  ...['London', 'Paris', 'Berlin', 'Tokyo', 'Madrid', 'Rome', 'Vienna', 'Oslo', 'Lisbon', 'Dublin'],
  ...['Prague', 'Warsaw', 'Helsinki', 'Athens', 'Lima', 'Cairo', 'Delhi', 'Seoul', 'Sydney', 'Toronto'],
];

/** Values that services know, by the words that names of parameters end with. Each list has different places. */
const known: [RegExp, readonly (string | number)[]][] = [
  [/country(_?code)?$/i, ['GB', 'FR', 'DE', 'JP']],
  [/lat(itude)?$/i, [51.5, 48.9, 52.5, 35.7, 40.4, 41.9, 48.2, 59.3, 60.2, 55.7]],
  [/(lon|lng|longitude)$/i, [-0.1, 2.4, 13.4, 139.7, -3.7, 12.5, 16.4, 18.1, 24.9, 12.6]],
  [/(lang|language|locale)$/i, ['en', 'fr', 'de', 'ja']],
  [/(url|uri|link)$/i, ['https://example.com/', 'https://example.org/', 'https://example.net/']],
  [/(date|day)$/i, ['2026-01-15', '2026-01-16', '2026-01-17', '2026-01-18']],
  [/e?mail$/i, ['someone@example.com', 'another@example.com']],
  [/./, places],
];

/** By JSON Schema's `format` (draft 2020-12, validation, section 7.3). */
const formats: Readonly<Record<string, readonly string[]>> = {
  date: ['2026-01-15', '2026-01-16', '2026-01-17'],
  'date-time': ['2026-01-15T12:00:00Z', '2026-01-16T12:00:00Z', '2026-01-17T12:00:00Z'],
  email: ['someone@example.com', 'another@example.com'],
  hostname: ['example.com', 'example.org'],
  ipv4: ['192.0.2.1', '192.0.2.2'],
  time: ['12:00:00Z', '13:00:00Z'],
  uri: ['https://example.com/', 'https://example.org/'],
  uuid: ['6f1c6f5e-3c55-4d3f-9d0b-0f2a6f0c1a01', '6f1c6f5e-3c55-4d3f-9d0b-0f2a6f0c1a02'],
};

const maxDepth = 6;
/** Values that are made for one tool: lists in lists, and alternatives in alternatives, have no end otherwise. */
const maxValues = 1_000;
const maxCharacters = 10_000;
/** Milliseconds for a pattern, which can be one that takes for ever. */
const patternMs = 100;

/**
 * Arguments that a tool's schema allows: its required properties, from examples, defaults and enumerations where there
 * are any, else from names, formats and ranges.
 *
 * @param variant another number gives other arguments, as far as the schema allows
 * @returns undefined when a value cannot be made
 */
export function makeArguments(inputSchema: unknown, variant = 0): Record<string, unknown> | undefined {
  if (!isObject(inputSchema)) return undefined;
  const value = make(inputSchema, '', { root: inputSchema, variant, depth: 0, made: { count: 0 } });
  return isObject(value) ? value : undefined;
}

/** A value for one property of a tool's arguments; undefined: none can be made. */
export function makeValue(inputSchema: Schema, property: string, variant: number): unknown {
  const properties = isObject(inputSchema.properties) ? inputSchema.properties : {};
  const context = { root: inputSchema, variant, depth: 1, made: { count: 0 } };
  return make(ownValue(properties, property), property, context);
}

interface Context {
  root: Schema;
  variant: number;
  depth: number;
  /** Shared by everything that is made for one tool. */
  made: { count: number };
}

function make(schema: unknown, name: string, context: Context): unknown {
  context.made.count += 1;
  if (!isObject(schema) || context.depth > maxDepth || context.made.count > maxValues) return undefined;
  const inner = { ...context, depth: context.depth + 1 };
  if (typeof schema.$ref === 'string') return make(resolve(schema.$ref, context.root), name, inner);
  if (schema.const !== undefined) return schema.const;
  const given = [schema.examples, schema.enum].find((list) => Array.isArray(list) && list.length > 0);
  if (Array.isArray(given)) return pick(given, context.variant);
  if (schema.default !== undefined) return schema.default;
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (alternatives !== undefined) {
    return alternatives
      .map((option) => make(option, name, inner))
      .find((value) => value !== undefined && value !== null);
  }
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === 'string') return text(schema, name, context.variant);
  if (type === 'number' || type === 'integer') return number(schema, name, type, context.variant);
  if (type === 'boolean') return context.variant % 2 === 1;
  if (type === 'array') return list(schema, name, inner);
  if (type === 'object' || isObject(schema.properties)) return object(schema, inner);
  return undefined;
}

function text(schema: Schema, name: string, variant: number): string | undefined {
  const format = typeof schema.format === 'string' ? ownValue(formats, schema.format) : undefined;
  const values =
    (format as readonly string[] | undefined) ??
    known.find(([names]) => names.test(name || 'text'))?.[1] ??
    [];
  const value = String(pick(values, variant));
  const { pattern } = schema;
  const least = boundOf(schema, 'minLength') ?? 0;
  if (least > maxCharacters) return undefined;
  const fitting = value.padEnd(least, 'x').slice(0, boundOf(schema, 'maxLength'));
  return typeof pattern !== 'string' || matches(pattern, fitting) ? fitting : undefined;
}

/** A pattern that is no regular expression here is matched by nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return runInNewContext(
      `new RegExp(pattern, 'u').test(value)`,
      { pattern, value },
      { timeout: patternMs },
    );
  } catch {
    return false;
  }
}

function boundOf(schema: Schema, key: string): number | undefined {
  const bound = schema[key];
  return typeof bound === 'number' ? bound : undefined;
}

function number(schema: Schema, name: string, type: string, variant: number): number | undefined {
  const bound = (key: string) => boundOf(schema, key);
  const step = bound('multipleOf') ?? (type === 'integer' ? 1 : 0);
  const above = bound('exclusiveMinimum');
  const below = bound('exclusiveMaximum');
  const least = bound('minimum') ?? (above === undefined ? undefined : above + (step || 0.001));
  const most = bound('maximum') ?? (below === undefined ? undefined : below - (step || 0.001));
  const named = known.find(([names]) => names.test(name))?.[1] ?? [];
  const wanted = pick(named, variant);
  let value = typeof wanted === 'number' ? wanted : (least ?? Math.min(1, most ?? 1)) + variant;
  value = Math.max(least ?? -Infinity, Math.min(most ?? Infinity, value));
  if (step > 0) value = Math.ceil(value / step) * step;
  return most !== undefined && value > most ? undefined : value;
}

function list(schema: Schema, name: string, context: Context): unknown[] | undefined {
  const count = typeof schema.minItems === 'number' ? schema.minItems : 1;
  if (count > 20) return undefined;
  const items = Array.from({ length: count }, (_, index) =>
    make(schema.items ?? { type: 'string' }, name.replace(/s$/, ''), {
      ...context,
      variant: context.variant + index,
    }),
  );
  return items.includes(undefined) ? undefined : items;
}

function object(schema: Schema, context: Context): Schema | undefined {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members: [string, unknown][] = [];
  for (const name of required) {
    const value = typeof name === 'string' ? make(ownValue(properties, name), name, context) : undefined;
    if (value === undefined) return undefined;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

/** Within the same document (RFC 6901). */
function resolve(reference: string, root: Schema): unknown {
  if (!reference.startsWith('#')) return undefined;
  const steps = reference.slice(1).split('/').slice(1);
  return steps
    .map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, step) => (isObject(value) ? ownValue(value, step) : undefined), root);
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step; // no percent-encoding
  }
}

function pick<T>(values: readonly T[], variant: number): T | undefined {
  return values[variant % Math.max(1, values.length)];
}
