import { isObject, ownValue } from '../../text/json.ts';

/** Characters that an argument has to allow to be free text. */
const room = 150;
/** Levels of alternatives within alternatives that are looked into. */
const maxDepth = 6;

/**
 * The argument of a tool that can carry a text of ours: one that takes any text, a required one first; else any that is a
 * text, although a pattern or a length may have it refused, for attackers keep to no schema; null: there is none.
 *
 * @param given arguments that the schema allows: they tell what a string is where the schema does not
 */
export function textArgumentOf(inputSchema: unknown, given: Record<string, unknown>): string | null {
  const schema = isObject(inputSchema) ? inputSchema : {};
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set<unknown>(Array.isArray(schema.required) ? schema.required : []);
  const names = [...new Set([...Object.keys(properties), ...Object.keys(given)])].sort(
    (left, right) => Number(required.has(right)) - Number(required.has(left)),
  );
  const texts = names.filter((name) => isText(ownValue(properties, name), ownValue(given, name)));
  return texts.find((name) => !isBounded(ownValue(properties, name))) ?? texts[0] ?? null;
}

/** Of enumerations no other value means anything. */
function isText(property: unknown, value: unknown, depth = 0): boolean {
  if (!isObject(property)) return typeof value === 'string';
  if (depth > maxDepth) return false;
  const options = optionsOf(property);
  if (options !== undefined) return options.some((option) => isText(option, undefined, depth + 1));
  if (property.enum !== undefined || property.const !== undefined) return false;
  const types = Array.isArray(property.type) ? property.type : [property.type];
  return types.includes('string') || (property.type === undefined && typeof value === 'string');
}

function isBounded(property: unknown, depth = 0): boolean {
  if (!isObject(property) || depth > maxDepth) return false;
  const options = optionsOf(property);
  if (options !== undefined)
    return options.every((option) => !isText(option, undefined, depth + 1) || isBounded(option, depth + 1));
  const { format, pattern, maxLength } = property;
  return format !== undefined || pattern !== undefined || (typeof maxLength === 'number' && maxLength < room);
}

const optionsOf = (property: Record<string, unknown>): unknown[] | undefined =>
  [property.anyOf, property.oneOf].find(Array.isArray);
