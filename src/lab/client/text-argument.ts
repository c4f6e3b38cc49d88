import { isObject, ownValue } from '../../text/json.ts';

/** An argument counts as free text if it allows this many characters. */
const freeTextCharacters = 150;
/** Nested levels of alternatives to look into. */
const maxDepth = 6;

/**
 * The argument of a tool for a text of the lab: free text if possible, required first; otherwise any text, because attackers
 * ignore patterns and lengths.
 *
 * @param given valid arguments, which show what is a string if the schema does not
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

/** Other values of an enumeration are meaningless. */
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
  return (
    format !== undefined ||
    pattern !== undefined ||
    (typeof maxLength === 'number' && maxLength < freeTextCharacters)
  );
}

const optionsOf = (property: Record<string, unknown>): unknown[] | undefined =>
  [property.anyOf, property.oneOf].find(Array.isArray);
