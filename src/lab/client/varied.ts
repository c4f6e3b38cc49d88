import { isObject, ownValue } from '../../collect/wire/mcp/reply.ts';
import { makeValue } from './arguments.ts';

/** So many different values are looked for. */
const maxVariants = 32;

/**
 * Other arguments than the given ones, each different from all before: one property is changed, the one that allows most.
 * Enumerations are left alone where there is anything else, because they rarely decide what is asked for.
 */
export function variationsOf(
  given: Record<string, unknown>,
  inputSchema: unknown,
): Record<string, unknown>[] {
  if (!isObject(inputSchema) || !isObject(inputSchema.properties)) return [];
  const required = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  const names = Object.keys(inputSchema.properties).sort(
    (left, right) => Number(required.includes(right)) - Number(required.includes(left)),
  );
  const candidates = names.map((name) => ({
    name,
    values: valuesOf(inputSchema, name, ownValue(given, name)),
  }));
  const [best] = candidates.sort((left, right) => right.values.length - left.values.length);
  return best === undefined ? [] : best.values.map((value) => ({ ...given, [best.name]: value }));
}

function valuesOf(inputSchema: Record<string, unknown>, name: string, given: unknown): unknown[] {
  const values = new Map<string, unknown>();
  for (let variant = 0; variant < maxVariants; variant += 1) {
    const value = makeValue(inputSchema, name, variant);
    if (value !== undefined && value !== null) values.set(JSON.stringify(value), value);
  }
  values.delete(JSON.stringify(given));
  return [...values.values()];
}
