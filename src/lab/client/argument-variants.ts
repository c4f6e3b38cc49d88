import { isObject, ownValue } from '../../text/json.ts';
import { makeValue } from './arguments.ts';
import { createPatterns } from './patterns.ts';

type Arguments = Record<string, unknown>;

const maxVariants = 32;
/** Required properties are tried first. */
const maxProperties = 20;
const maxTexts = 3;
/** A value with a shorter common beginning is a value like any other. */
const leastCommon = 3;

/** Variants of the given arguments, all different. They change the one property with the most possible values. */
export function variationsOf(given: Arguments, inputSchema: unknown): Arguments[] {
  const [best] = candidatesOf(given, inputSchema);
  return best === undefined ? [] : best.values.map((value) => ({ ...given, [best.name]: value }));
}

/**
 * Variants of the given arguments that each change another text, for what tells them apart only in part: the texts that
 * `variationsOf` leaves alone, and the text that it changes, to a value that begins like the given one.
 */
export function textVariationsOf(given: Arguments, inputSchema: unknown): Arguments[] {
  const [best, ...rest] = candidatesOf(given, inputSchema);
  const texts = rest.map(({ name, values }) => {
    const byDefault = Object.hasOwn(given, name) ? undefined : defaultOf(inputSchema, name);
    return { name, value: values.filter(isText).find((value) => value !== byDefault) };
  });
  const alike = best && {
    name: best.name,
    value: mostAlike(best.values.slice(2), ownValue(given, best.name)),
  };
  return [...texts, ...(alike === undefined ? [] : [alike])]
    .filter(({ value }) => value !== undefined)
    .slice(0, maxTexts)
    .map(({ name, value }) => ({ ...given, [name]: value }));
}

interface Candidate {
  name: string;
  /** All other values, without the given one. */
  values: unknown[];
}

/** The properties, the one with the most values first. */
function candidatesOf(given: Arguments, inputSchema: unknown): Candidate[] {
  if (!isObject(inputSchema) || !isObject(inputSchema.properties)) return [];
  const required = new Set<unknown>(Array.isArray(inputSchema.required) ? inputSchema.required : []);
  const names = Object.keys(inputSchema.properties)
    .sort((left, right) => Number(required.has(right)) - Number(required.has(left)))
    .slice(0, maxProperties);
  const valuesOf = createValues(inputSchema);
  return names
    .map((name) => ({ name, values: valuesOf(name, ownValue(given, name)) }))
    .sort((left, right) => right.values.length - left.values.length);
}

function createValues(inputSchema: Arguments): (name: string, given: unknown) => unknown[] {
  const patterns = createPatterns();
  return (name, given) => {
    const values = new Map<string, unknown>();
    for (let variant = 0; variant < maxVariants; variant += 1) {
      const made = makeValue(inputSchema, name, variant, patterns);
      if ('value' in made && made.value !== undefined && made.value !== null)
        values.set(JSON.stringify(made.value), made.value);
    }
    values.delete(JSON.stringify(given));
    return [...values.values()];
  };
}

/** Means the same as no value. */
const defaultOf = (inputSchema: unknown, name: string): unknown =>
  ownValue(ownValue(ownValue(inputSchema, 'properties'), name), 'default');

function mostAlike(values: unknown[], given: unknown): string | undefined {
  if (!isText(given)) return undefined;
  const [best] = values
    .filter(isText)
    .map((value) => ({ value, common: commonBeginning(value, given) }))
    .sort((left, right) => right.common - left.common);
  return best !== undefined && best.common >= leastCommon ? best.value : undefined;
}

function commonBeginning(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length]?.toLowerCase() === right[length]?.toLowerCase()) length += 1;
  return length;
}

const isText = (value: unknown): value is string => typeof value === 'string';
