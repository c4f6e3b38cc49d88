import { isObject, ownValue } from '../../text/json.ts';
import { makeValue } from './arguments.ts';
import { createPatterns } from './patterns.ts';

/** So many different values are looked for. */
const maxVariants = 32;
/** So many properties are tried, required ones first. */
const maxProperties = 20;

/**
 * Other arguments than the given ones, each different from all before: one property is changed, the one that allows most.
 * Enumerations are left alone where there is anything else, because they rarely decide what is asked for.
 */
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
