import type { ToolCall } from '../evidence/wire.ts';
import { isObject, ownValue } from '../text/json.ts';

export interface BadArguments {
  defect: NonNullable<ToolCall['defect']>;
  arguments: Record<string, unknown>;
}

/** By JSON Schema type: a value that no server converts to it. */
const wrongValues: Record<string, unknown> = {
  string: {},
  number: {},
  integer: {},
  boolean: {},
  array: {},
  object: 'mcp-prod',
};

/**
 * Arguments that the schema of a tool forbids, made from good ones: one without a required argument, and one with an argument of
 * another type (JSON Schema 2020-12, `required` and `type`).
 *
 * @returns an empty list when the schema requires no argument and names no type
 */
export function badArguments(schema: unknown, good: Record<string, unknown>): BadArguments[] {
  if (!isObject(schema)) return [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === 'string')
    : [];
  const bad: BadArguments[] = [];
  const [missing] = required;
  if (missing !== undefined) {
    const { [missing]: _left, ...rest } = good;
    bad.push({ defect: { argument: missing, how: 'missing' }, arguments: rest });
  }
  for (const name of [...required, ...Object.keys(properties)]) {
    const property = ownValue(properties, name);
    const type = isObject(property) ? property.type : undefined;
    if (typeof type !== 'string' || !Object.hasOwn(wrongValues, type)) continue;
    bad.push({
      defect: { argument: name, how: 'wrong-type' },
      arguments: { ...good, [name]: wrongValues[type] },
    });
    break;
  }
  return bad;
}
