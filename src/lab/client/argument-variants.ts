import { isObject, ownValue } from '../../text/json.ts';
import { makeValue } from './arguments.ts';
import { createPatterns } from './patterns.ts';

const maxVariants = 32;
/** Required properties are tried first. */
const maxProperties = 20;

/** Variants of the given arguments, all different. They change the one property with the most possible values. */
export function variationsOf(
  given: Record<string, unknown>,
  inputSchema: unknown,
): Record<string, unknown>[] {
  if (!isObject(inputSchema) || !isObject(inputSchema.properties)) return [];
  const required = new Set<unknown>(Array.isArray(inputSchema.required) ? inputSchema.required : []);
  const names = Object.keys(inputSchema.properties)
    .sort((left, right) => Number(required.has(right)) - Number(required.has(left)))
    .slice(0, maxProperties);
  const valuesOf = createValues(inputSchema);
  const candidates = names.map((name) => ({
    name,
    values: valuesOf(name, ownValue(given, name)),
  }));
  const [best] = candidates.sort((left, right) => right.values.length - left.values.length);
  return best === undefined ? [] : best.values.map((value) => ({ ...given, [best.name]: value }));
}

function createValues(inputSchema: Record<string, unknown>): (name: string, given: unknown) => unknown[] {
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
