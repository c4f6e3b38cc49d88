import { isObject } from '../../collect/wire/mcp/reply.ts';

/** Characters that an argument has to allow to be free text. */
const room = 150;

/**
 * The argument of a tool that takes any text, a required one first; null: there is none. Enumerations, formats and patterns
 * would refuse what was not asked for.
 *
 * @param given arguments that the schema allows: they tell what a string is where the schema does not
 */
export function textArgumentOf(inputSchema: unknown, given: Record<string, unknown>): string | null {
  const schema = isObject(inputSchema) ? inputSchema : {};
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const names = [...new Set([...Object.keys(properties), ...Object.keys(given)])].sort(
    (left, right) => Number(required.includes(right)) - Number(required.includes(left)),
  );
  return names.find((name) => isFreeText(properties[name], given[name])) ?? null;
}

function isFreeText(property: unknown, value: unknown): boolean {
  if (!isObject(property)) return typeof value === 'string';
  const options = [property.anyOf, property.oneOf].find(Array.isArray);
  if (options !== undefined) return options.some((option) => isFreeText(option, undefined));
  const types = Array.isArray(property.type) ? property.type : [property.type];
  if (!(types.includes('string') || (property.type === undefined && typeof value === 'string'))) return false;
  const bounded = ['enum', 'const', 'format', 'pattern'].some((key) => property[key] !== undefined);
  return !bounded && !(typeof property.maxLength === 'number' && property.maxLength < room);
}
