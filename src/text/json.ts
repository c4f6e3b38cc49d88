/** Whether a value is an object, and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own value under an untrusted name. Every plain object inherits `constructor`. */
export function ownValue(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** @returns undefined when the text is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined when the value has no JSON form, or is nested too deeply */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The text as a JSON object. Undefined: it is none. */
export function parseObject(text: string, parse = parseJson): Record<string, unknown> | undefined {
  const value = parse(text);
  return isObject(value) ? value : undefined;
}
