export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object has by itself under a name that somebody else chose: every plain object inherits `constructor`. */
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

/** The text as a JSON object, or undefined when it is anything else. */
export function parseObject(text: string, parse = parseJson): Record<string, unknown> | undefined {
  const value = parse(text);
  return isObject(value) ? value : undefined;
}
