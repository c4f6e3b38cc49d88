type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys of a package manifest that are sorted alphabetically by convention. */
const sortedKeys = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'scripts'];

/** The line width of the generated project's formatter. */
const lineWidth = 110;

/**
 * Merges JSON texts by key. Objects are merged, arrays are joined without duplicates, and other values are replaced by
 * later ones. Ends with a line break.
 *
 * @throws Error if a text is not JSON
 */
export function mergeJson(texts: readonly string[], file: string): string {
  const merged = texts.map((text) => parse(text, file)).reduce(mergeValues);
  // Formatters leave package.json as npm writes it.
  if (/(^|\/)package\.json$/.test(file)) return `${JSON.stringify(sortManifest(merged), null, 2)}\n`;
  return `${print(merged)}\n`;
}

function parse(text: string, file: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

function mergeValues(first: Json, second: Json): Json {
  if (Array.isArray(first) && Array.isArray(second)) return unique([...first, ...second]);
  if (isObject(first) && isObject(second)) {
    const merged = { ...first };
    for (const [key, value] of Object.entries(second)) {
      const before = merged[key];
      merged[key] = before === undefined ? value : mergeValues(before, value);
    }
    return merged;
  }
  return second;
}

function unique(values: Json[]): Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortManifest(manifest: Json): Json {
  if (!isObject(manifest)) return manifest;
  return Object.fromEntries(
    Object.entries(manifest).map(([key, value]) => [
      key,
      sortedKeys.includes(key) && isObject(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b, 'en')))
        : value,
    ]),
  );
}

/** Prints arrays of scalars on one line if they fit, as formatters do. `used`: the columns before the value. */
function print(value: Json, indent = '', used = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
      // One column for a comma after the array.
      if (used + line.length + 1 <= lineWidth) return line;
    }
    const items = value.map((item) => `${deeper}${print(item, deeper, deeper.length)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const start = `${deeper}${JSON.stringify(key)}: `;
    return `${start}${print(item, deeper, start.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
