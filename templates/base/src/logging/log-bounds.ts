// Far more than any line of this server needs, and far less than a request may carry.
const maxText = 1_000;
const maxStack = 4_000;
const maxItems = 30;
const maxDepth = 4;

/** A copy of what a line is to hold, with long texts cut, big collections shortened, and errors as plain data. */
export function boundLine(fields: Record<string, unknown>): Record<string, unknown> {
  return bound(fields, 0) as Record<string, unknown>;
}

function bound(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value, maxText);
  if (typeof value === 'bigint') return cut(String(value), maxText);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describe(value, depth);
  if (depth >= maxDepth) return Array.isArray(value) ? '[array]' : '[object]';
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => bound(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value).slice(0, maxItems))
    copy[cut(key, maxText)] = bound(item, depth + 1);
  return copy;
}

/**
 * Nothing but these fields: libraries hang requests and responses on their errors, with the headers and the keys in them.
 */
function describe(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: cut(error.name, maxText),
    message: cut(error.message, maxText),
    ...(code !== undefined && { code: bound(code, maxDepth) }),
    stack: cut(String(error.stack), maxStack),
    ...(error.cause !== undefined && { cause: depth < maxDepth ? bound(error.cause, depth + 1) : '[cause]' }),
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`;
}
